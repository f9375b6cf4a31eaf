/** A recursive function that yields each call of itself, and goes on with what that returned. */
export type Deep<T> = Generator<Deep<T>, T, T>;

/** Runs one. No depth is too deep for it: what is under way is kept in a list, and not on the stack. */
export function runDeep<T>(outermost: Deep<T>): T {
  const underWay = [outermost];
  // What begins has no answer to go on with.
  let answer = undefined as T;
  for (let innermost = underWay.at(-1); innermost !== undefined; innermost = underWay.at(-1)) {
    const { done, value } = innermost.next(answer);
    if (done === true) {
      answer = value;
      underWay.pop();
    } else {
      underWay.push(value);
    }
  }
  return answer;
}
