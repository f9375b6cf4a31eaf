import type { TestContext } from 'vitest';
import { noteFigures } from '../figures/note-figures.ts';
import { killCycles } from './kill-cycles.ts';
import type { KilledBackend } from './killed-backend.ts';

/** What is killed, and how often. */
export interface Kills {
  readonly promise: string;
  readonly where: string;
  readonly backend: KilledBackend;
  readonly kills: number;
}

/** Kills processes of a bundled child, and notes what is counted. Gives all that is wrong, in words. */
export async function countKills(
  context: TestContext,
  child: string,
  { promise, where, backend, kills }: Kills,
): Promise<readonly string[]> {
  const { lost, fromNowhere, half, torn, damaged, failures, ...counted } = await killCycles(child, backend, kills);
  const problems = { lost, 'from nowhere': fromNowhere, half, torn, damaged, failures };
  const sizes = Object.fromEntries(Object.entries(problems).map(([name, { length }]) => [name, length]));
  const { kills: made, acknowledged, whileOpening, underWay, longestTakeOverMs } = counted;
  const moments = { kills: made, 'while opening': whileOpening, acknowledged, 'under way': underWay };
  const takeOver = backend.endsWithProcess ? {} : { 'longest ms to take over': longestTakeOverMs };
  noteFigures(context, { promise, where, counts: { ...moments, ...takeOver, ...sizes } });
  const few = underWay > kills ? [] : ['most kills came when nothing was under way'];
  return [...few, ...Object.entries(problems).flatMap(([name, all]) => all.map((each) => `${name}: ${each}`))];
}
