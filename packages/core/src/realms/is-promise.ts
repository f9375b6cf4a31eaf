/**
 * Whether a value is a promise, of this realm or another. By the name that all promises inherit, and not by `then`: of
 * a query that begins when somebody waits for it, that would be the beginning.
 */
export function isPromise(value: unknown): value is Promise<unknown> {
  return Object.prototype.toString.call(value) === '[object Promise]';
}
