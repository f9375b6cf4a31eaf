/** The answer of a filesystem that may be a stranger's, which is an object if it is one; throws if it is none. */
export function checkAnswer<R extends object>(answer: R): R {
  if (typeof answer === 'object' && answer !== null) return answer;
  throw new TypeError('a filesystem answered with what is no answer');
}
