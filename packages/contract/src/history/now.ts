/** A clock that all have in common who are at work at once, and that never goes back. */
export type Now = () => number;

/** A clock of one process, which goes on with every look. */
export function counting(from = 0): Now {
  let last = from;
  return () => (last += 1);
}
