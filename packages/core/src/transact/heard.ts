/** A promise whose failure is told elsewhere too, so that nobody has to hear of it here. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
