/** How long to wait between attempts, at least and at most, and by what chance. */
export interface Backoff {
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly random: () => number;
}

/**
 * How long to wait after a failed attempt (the first is 1), in milliseconds: a random part of a ceiling that
 * doubles from attempt to attempt. Spreading over the whole range, not its upper half, is what separates
 * writers that collided; the clock is no source of randomness, since colliding writers share it.
 */
export function backoffMs(attempt: number, limits: Backoff): number {
  // Beyond 31 doublings every ceiling is past the longest wait there is.
  const ceiling = Math.min(limits.backoffMaxMs, limits.backoffMinMs * 2 ** Math.min(attempt - 1, 31));
  return ceiling * limits.random();
}
