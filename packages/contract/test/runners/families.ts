/**
 * What is run under a runner here: what answers at once, what waits and what ends calls. All of it is run under Vitest by every
 * adapter, and under `node:test` by that in memory.
 */
export const FAMILIES: readonly string[] = ['cas', 'close', 'deadline'];
