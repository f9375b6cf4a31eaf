import { dirname } from 'node:path';
import type { Outcome } from './hunt.ts';
import type { Mutant } from './mutants.ts';
import { SURVIVORS, type Survivor } from './survivors.ts';

export interface Score {
  readonly folder: string;
  readonly mutants: number;
  readonly found: number;
  /** Of those that were not found, how many have a reason in `survivors.ts`. */
  readonly named: number;
  /** Found and named, of all, in percent. */
  readonly score: number;
}

export function scores(outcomes: readonly Outcome[]): Score[] {
  const byFolder = Object.groupBy(outcomes, (it) => dirname(it.mutant.file));
  return Object.entries(byFolder)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, its = []]) => scoreOf(folder, its));
}

/** One that was found or named, of all; what is equivalent is no mistake of a test. */
export function scoreOf(folder: string, outcomes: readonly Outcome[]): Score {
  const missed = outcomes.filter((it) => !isFound(it));
  const named = missed.filter((it) => namedAs(it.mutant) !== undefined).length;
  const [mutants, found] = [outcomes.length, outcomes.length - missed.length];
  return { folder, mutants, found, named, score: mutants === 0 ? 100 : (100 * (found + named)) / mutants };
}

/** Each one that was not found and has no reason, on a line. */
export function survivorsOf(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter((it) => !isFound(it) && namedAs(it.mutant) === undefined)
    .map(({ is, mutant: { file, line, kind, from, to } }) => {
      const how = is === 'unreached' ? 'no test reaches it' : 'no test fails';
      return `${file}:${line}  ${kind}: ${brief(from)}  →  ${brief(to)}  (${how})`;
    });
}

/** The reasons that are none any more: what they name is gone from these files, or a test finds it. */
export function staleReasons(outcomes: readonly Outcome[]): string[] {
  const files = new Set(outcomes.map((it) => it.mutant.file));
  const needed = new Set(outcomes.filter((it) => !isFound(it)).map((it) => namedAs(it.mutant)));
  return SURVIVORS.filter((it) => files.has(it.file) && !needed.has(it)).map(
    ({ file, from, to }) => `${file}: ${from}  →  ${to} is named in survivors.ts, but it is gone or found`,
  );
}

function isFound({ is }: Outcome): boolean {
  return is === 'found' || is === 'ended';
}

function namedAs(mutant: Mutant): Survivor | undefined {
  const [from, to] = [oneLine(mutant.from), oneLine(mutant.to)];
  return SURVIVORS.find((it) => it.file === mutant.file && it.from === from && it.to === to);
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}

function brief(text: string): string {
  const line = oneLine(text);
  return line.length > 100 ? `${line.slice(0, 97)}…` : line;
}
