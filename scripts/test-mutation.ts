// `npm run test:mutation` changes what the packages promise most about, one place at a time, and runs the tests that reach the
// place: one of them has to fail. It prints how many changes were found, by folder, and those that were not; fewer than
// nine of ten, or a reason in `mutation/survivors.ts` that is none any more, is a failure.
// `npm run test:mutation -- packages/core/src/paths` does so for that folder. `-- --short` takes a tenth of all changes, the
// same ones each time, in those parts whose tests need no server; it is a step of CI.

import { filesBelow, isTest } from './lib/source-files.ts';
import { Hunt, type Outcome } from './mutation/hunt.ts';
import { mutate, type Mutant } from './mutation/mutants.ts';
import { PARTS, type Part } from './mutation/parts.ts';
import { scoreOf, scores, staleReasons, survivorsOf, type Score } from './mutation/report.ts';
import { setup } from '../test-servers/src/vitest-setup.ts';
import { root } from './toolchain/root.mjs';

/** Of a hundred changes, so many must be found. */
const LEAST = 90;

/** The short form has the tests beside the sources alone, and not the slow ones. */
const LEAST_IN_SHORT = 80;

/** Of so many changes the short form takes one. It takes none on PostgreSQL, nor any that needs all loaded anew. */
const SHORT = 10;

/** Random histories and all interleavings: seconds of processor time. */
const SLOW = /model|interleavings|through-wrappers|permission-matrix/;

/** What one run of a test may take in milliseconds, where no quick one found a change. */
const SLOWER = 1000;

const given = process.argv.slice(2);
const short = given.includes('--short');
const folders = given.filter((it) => !it.startsWith('--'));

const outcomes: Outcome[] = [];
const failed: string[] = [];
if (short) await hunt(PARTS.filter((it) => it.server !== true));
else for (const part of PARTS) await hunt([part]);

for (const it of outcomes.length === 0 ? [] : [...scores(outcomes), scoreOf('all', outcomes)]) console.log(lineOf(it));
const survivors = survivorsOf(outcomes);
if (survivors.length > 0) console.log(`\nNot found:\n${survivors.join('\n')}`);
// A tenth says nothing about each folder, nor about each reason.
const least = short ? LEAST_IN_SHORT : LEAST;
const low = (short ? [scoreOf('all', outcomes)] : scores(outcomes)).filter((it) => it.score < least);
const problems = [
  ...(outcomes.length === 0 ? [`Nothing is mutated in ${folders.join(', ')}.`] : []),
  ...low.map(({ folder, score }) => `Of ${folder}, ${score.toFixed(1)} % were found; ${least} % have to be.`),
  ...(short ? [] : staleReasons(outcomes)),
];
// What a test left behind when a change made it fail. It is not believed then, and others have to find the change.
if (failed.length > 0)
  console.log(`\nNot believed, since they then failed with nothing changed:\n${failed.join('\n')}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

async function hunt(parts: readonly Part[]): Promise<void> {
  const asked = (file: string) => folders.length === 0 || folders.some((it) => file.startsWith(it));
  const chosen = parts
    .map((it) => ({ ...it, files: it.of.flatMap(sourcesOf).filter(asked) }))
    .filter((it) => it.files.length > 0);
  if (chosen.length === 0) return;
  const stop = chosen.some((it) => it.server === true) ? await setup() : undefined;
  try {
    await huntIn(chosen);
  } finally {
    await stop?.();
  }
}

async function huntIn(chosen: readonly (Part & { readonly files: readonly string[] })[]): Promise<void> {
  const mutated = await mutate(chosen.flatMap((it) => it.files));
  const mutants = short ? mutated.mutants.filter(isInShort) : mutated.mutants;
  const tests = chosen.flatMap((it) => it.tests);
  using hunted = new Hunt(mutated, mutants);
  if (short) await hunted.run(tests.filter((it) => !SLOW.test(it)));
  else {
    await hunted.run(tests);
    await hunted.run(tests, SLOWER);
    await hunted.runLoaded(chosen.flatMap((it) => it.loaded ?? it.tests));
    await hunted.run(chosen.flatMap((it) => it.further));
  }
  outcomes.push(...hunted.outcomes(mutants).filter((it) => !short || it.is !== 'loaded'));
  for (const it of hunted.failed) if (!failed.includes(it)) failed.push(it);
}

function sourcesOf(of: string): string[] {
  return of.endsWith('.ts') ? [of] : filesBelow(root, of, '.ts').filter((it) => !isTest(it));
}

function isInShort({ hash }: Mutant): boolean {
  return hash % SHORT === 0;
}

function lineOf({ folder, mutants, found, named, score }: Score): string {
  const counts = `${found} of ${mutants} found${named > 0 ? `, ${named} named` : ''}`;
  return `${`${score.toFixed(1)} %`.padStart(7)}  ${folder}: ${counts}`;
}
