/**
 * Milliseconds by a clock that never goes back and that all processes of a host have in common. For child processes, in
 * which nobody fakes it.
 */
export function hostTime(): number {
  // oxlint-disable-next-line no-restricted-properties -- no other clock is the same in several processes
  return Number(process.hrtime.bigint()) / 1e6;
}
