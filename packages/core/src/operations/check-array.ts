/**
 * Checks that what an adapter answered is an array. What is only like one, as typed arrays are, has other methods.
 *
 * @throws TypeError
 */
export function checkArray(answer: unknown): void {
  if (!Array.isArray(answer)) throw new TypeError('an array was expected');
}
