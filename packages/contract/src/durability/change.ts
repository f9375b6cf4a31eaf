import type { Capabilities, EntryInput } from '@holdfast/core';
import fc from 'fast-check';
import { entries } from '../model/values/entries.ts';
import { ODD_NAMES } from '../model/values/odd-names.ts';
import { randomNumbers } from '../support/random.ts';

/** One write, of an entry or, where there is none, a delete. */
export interface Change {
  readonly path: string;
  readonly entry: EntryInput | undefined;
  /** What it is on, where there are versions: whatever is there, or the version of that. By default now one, now the other. */
  readonly on?: 'any' | 'version';
}

/** What changes there are to be. Survives JSON: whoever has the same plan makes the same changes. */
export interface ChangePlan {
  readonly seed: number;
  readonly changes: number;
  /** How many paths there are for them. */
  readonly paths: number;
  readonly records: boolean;
  readonly indexed: boolean;
  readonly contentTypes: boolean;
  /** The longest body, in bytes. */
  readonly longest: number;
}

const SORTS = 40;

/** Of how many changes one writes a body that may be large: of so many in all, and of more. */
const LARGE_ONE_IN = 8;
const MANY = { changes: 1000, largeOneIn: 40 };

/** The longest body of the other changes, in bytes. */
const SMALL = 4096;

const DELETE_ONE_IN = 5;

/** How many changes come last, whatever is drawn. */
const LAST = 4;

/** How many large ones come in the middle. */
const MUCH = 3;

const encoder = new TextEncoder();

/** The plan for a backend that claims this. */
export function planFor(
  claims: Capabilities,
  { seed, changes, paths }: Pick<ChangePlan, 'seed' | 'changes' | 'paths'>,
): ChangePlan {
  const { records, indexed, contentTypes, maxBodyBytes } = claims;
  return { seed, changes, paths, records, indexed, contentTypes, longest: Math.min(maxBodyBytes, 2 ** 20) };
}

/**
 * The changes of a plan, in order: overwrites, deletes, large bodies, every byte, every part of the metadata, names that
 * some store might fold. No path is below another, so that a tree takes them all. Hardly two leave the same body.
 */
export function changesOf(plan: ChangePlan): Change[] {
  const random = randomNumbers(plan.seed);
  const below = (most: number): number => Math.floor(random() * most);
  const sorts = fc.sample(entries, { seed: plan.seed, numRuns: SORTS }).map((entry) => within(plan, entry));
  const small = sorts.filter(({ body }) => body.length <= SMALL);
  const paths = Array.from(
    { length: plan.paths },
    (_, index) => `/kept/${index % 7}/${Math.floor(index / ODD_NAMES.length)}/${ODD_NAMES[index % ODD_NAMES.length]}`,
  );
  const drawn = Array.from({ length: plan.changes - LAST - MUCH }, (_, index): Change => {
    const path = paths[below(paths.length)] as string;
    if (below(DELETE_ONE_IN) === 0) return { path, entry: undefined };
    const among =
      below(plan.changes > MANY.changes ? MANY.largeOneIn : LARGE_ONE_IN) === 0 || small.length === 0 ? sorts : small;
    const entry = among[below(among.length)] as EntryInput;
    return { path, entry: { ...entry, body: marked(entry.body, index, plan.longest) } };
  });
  const [before, after] = [drawn.slice(0, halfOf(plan)), drawn.slice(halfOf(plan))];
  const all = [...before, ...muchOf(plan, before), ...after];
  return [...all, ...lastOf(plan, all)];
}

/** After how many of the changes come those that write much one after the other, over what is there and where nothing is. */
export function halfOf({ changes }: ChangePlan): number {
  return Math.floor(changes / 2);
}

function muchOf({ longest }: ChangePlan, before: readonly Change[]): readonly Change[] {
  const [there = '/kept/there'] = pathsLeftBy(before);
  return [there, '/kept/much', there].map((path, index) => ({ path, entry: { body: much(longest, index) } }));
}

/** One of each sort that a store may put off: overwrites of little and with much, deletes of both sorts; any of them last. */
function lastOf({ longest, seed }: ChangePlan, before: readonly Change[]): readonly Change[] {
  const [a = '/kept/a', b = '/kept/b', c = '/kept/c', d = '/kept/d'] = pathsLeftBy(before);
  const last: Change[] = [
    { path: a, entry: { body: encoder.encode('last') }, on: 'any' },
    { path: b, entry: undefined, on: 'version' },
    { path: c, entry: { body: much(longest, MUCH) }, on: 'any' },
    { path: d, entry: undefined, on: 'any' },
  ];
  return [...last.slice(seed % last.length), ...last.slice(0, seed % last.length)];
}

function pathsLeftBy(changes: readonly Change[]): readonly string[] {
  const left = new Map(changes.map((change) => [change.path, change]));
  return [...left.values()].filter(({ entry }) => entry !== undefined).map(({ path }) => path);
}

function much(longest: number, index: number): Uint8Array {
  return new Uint8Array(longest).fill(0x61 + index);
}

/** The entry without what the backend does not take. */
function within({ records, indexed, contentTypes, longest }: ChangePlan, entry: EntryInput): EntryInput {
  const { body, contentType, kind, indexed: projection } = entry;
  return {
    body: body.subarray(0, longest),
    ...(contentTypes && contentType !== undefined ? { contentType } : {}),
    ...(records && kind !== undefined ? { kind } : {}),
    ...(records && indexed && kind !== undefined && projection !== undefined ? { indexed: projection } : {}),
  };
}

/** A body that says of which change it is, where it has the room. */
function marked(body: Uint8Array, index: number, longest: number): Uint8Array {
  const mark = encoder.encode(`#${index}`);
  return body.length === 0 || body.length + mark.length > longest ? body : new Uint8Array([...body, ...mark]);
}
