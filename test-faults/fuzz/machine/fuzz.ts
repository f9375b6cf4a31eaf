import { inspect } from 'node:util';
import { ERROR_CODES, isHoldfastError } from '@holdfast/core';
import { shownBy } from '@holdfast/test-support';
import fc from 'fast-check';
import type { TestContext } from 'vitest';
import { full, howMany } from '../../figures/how-many.ts';
import { noteFigures } from '../../figures/note-figures.ts';
import { CANARY, Thrown } from './hostile.ts';

/** How long one input may take, in milliseconds, before it counts as hung. */
const HUNG_MS = 20_000;

/** How many broken promises are told in words. */
const MOST_TOLD = 20;

/** What everybody shares, and nobody may add to. */
const SHARED = [Object, Array, Function, String, Number, Promise, Map, Set, Uint8Array, Error, RegExp].flatMap((it) => [
  it as unknown as object,
  it.prototype as object,
]);

/** What is fuzzed, and with what. */
export interface Fuzzing<T> {
  readonly where: string;
  /** How many inputs the full form has. */
  readonly inputs: number;
  readonly arbitrary: fc.Arbitrary<T>;
  /** Does something with one input. What it throws has to be a HoldfastError, or what code of the caller threw. */
  readonly attempt: (input: T) => unknown;
  /** Names an input for people. */
  readonly describe: (input: T) => string;
}

/**
 * Tries inputs at random: every error is typed and shows no secret, nothing hangs, no prototype is changed, and no rejection
 * has nobody who hears of it. Prints its seed; `HOLDFAST_FUZZ_SEED` takes one again.
 *
 * @returns what broke a promise, in words, or an empty text
 */
export async function fuzz<T>(
  context: TestContext,
  { where, inputs, arbitrary, attempt, describe }: Fuzzing<T>,
): Promise<string> {
  // The short form draws the same each time: what it finds is of a change, and the full one looks further.
  const seed = Number(process.env['HOLDFAST_FUZZ_SEED'] ?? (full ? Math.floor(Math.random() * 2 ** 31) : 1));
  console.log(`fuzzing ${where} with HOLDFAST_FUZZ_SEED=${seed}`);
  const counts = { inputs: 0, answered: 0, refused: 0, 'broken promises': 0, unhandled: 0, seed };
  const problems: string[] = [];
  const broken = (input: T, how: string): void => {
    counts['broken promises'] += 1;
    if (problems.length < MOST_TOLD) problems.push(`${describe(input)}: ${how}`);
  };
  const unheard: unknown[] = [];
  const hear = (error: unknown): void => void unheard.push(error);
  process.on('unhandledRejection', hear);
  const before = SHARED.map((it) => Reflect.ownKeys(it).length);
  const polluted = (): boolean => SHARED.some((it, place) => Reflect.ownKeys(it).length !== before[place]);
  try {
    const property = fc.asyncProperty(arbitrary, async (input) => {
      counts.inputs += 1;
      const became = await judge(() => attempt(input));
      if (became === 'answered' || became === 'refused') counts[became] += 1;
      else broken(input, became);
      if (unheard.length > counts.unhandled) broken(input, `nobody heard of ${inspect(unheard.at(-1))}`);
      counts.unhandled = unheard.length;
      if (polluted()) throw new Error(`${describe(input)} changed a prototype`);
    });
    // Every input is tried, whatever the others broke: one that is to blame is named, and small.
    await fc.assert(property, { numRuns: howMany(inputs), seed });
    await new Promise((resolve) => setImmediate(resolve));
    counts.unhandled = unheard.length;
    noteFigures(context, { promise: 'fuzzing', where, counts });
    return problems.join('\n');
  } finally {
    process.off('unhandledRejection', hear);
  }
}

/** What became of one input; in words, where that breaks a promise. */
async function judge(run: () => unknown): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => (timer = setTimeout(resolve, HUNG_MS, 'late')));
  try {
    const answer = await Promise.race([(async () => run())(), late]);
    return answer === 'late' ? 'it hangs' : 'answered';
  } catch (error) {
    if (error instanceof Thrown) return 'answered';
    return problemOf(error) ?? 'refused';
  } finally {
    clearTimeout(timer);
  }
}

/** What is wrong with an error, in words: it is none of the table, or it shows a secret. */
export function problemOf(error: unknown): string | undefined {
  if (!isHoldfastError(error) || !Object.hasOwn(ERROR_CODES, error.code)) return `untyped: ${inspect(error)}`;
  const shown = shownBy(error).find((text) => text.includes(CANARY));
  return shown === undefined ? undefined : `shows a secret: ${shown}`;
}
