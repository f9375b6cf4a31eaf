import { getMany, type Capabilities, type EntryInput, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { file, patternedBytes, textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';

// Some that a store may read in another way than the rest, and together more than it may give at once.
const LENGTHS = [10, 0, 5_000, 300_000, 70_000, 300_000, 1, 300_000, 300_000];

/** How many paths are asked for at once: more than one statement of most stores takes. */
const ASKED = 300;

const pathAt = (index: number): string => `/many/${String.fromCharCode(97 + ((index * 7) % 26))}/${index}`;

function entryAt(index: number, { maxBodyBytes, records, indexed, contentTypes }: Capabilities): EntryInput {
  const length = Math.min(LENGTHS[index] as number, Math.max(0, maxBodyBytes - 1));
  return {
    body: patternedBytes(length),
    ...(contentTypes && index % 2 === 0 ? { contentType: `text/x-${index}` } : {}),
    ...(records && index % 3 === 0 ? { kind: `kind_${index}` } : {}),
    ...(indexed && index % 4 === 0 ? { indexed: { index, text: 'é"\\\n' } } : {}),
  };
}

/** Checks that what is in a place is the entry that `get` gives, with a body that is nobody else's. */
function checkFound(found: Snapshot | undefined, expected: Snapshot | undefined, path: string): void {
  const [{ body, ...rest }, { body: expectedBody, ...expectedRest }] = [found, expected].map(
    (each): Partial<Snapshot> => each ?? {},
  ) as [Partial<Snapshot>, Partial<Snapshot>];
  checkEqual(rest, expectedRest, `what getMany gives for ${path}, without the body`);
  if (body === undefined || expectedBody === undefined) return checkEqual(body, expectedBody, `the body of ${path}`);
  checkEqual(body.length, expectedBody.length, `the length of the body of ${path}`);
  check(sameBytes(body, expectedBody), `the bytes of ${path} as they were put`);
  checkEqual(body.buffer.byteLength, body.byteLength, `the size of the memory behind the body of ${path}`);
  checkEqual(body.constructor.name, 'Uint8Array', `the class of the body of ${path}`);
}

async function textsOf(filesystem: RootFilesystem, paths: readonly string[]): Promise<(string | undefined)[]> {
  return (await getMany(filesystem, paths)).map((found) => textOf(found));
}

/** Entries that are asked for together are those that they are by themselves. */
export const getManyScenarios: readonly Scenario[] = [
  always(
    'get-many.places',
    'entries that are asked for together come in the places of their paths, each as by itself, and nothing where nothing is',
    async ({ filesystem, claims }) => {
      for (const index of LENGTHS.keys()) await filesystem.put(pathAt(index), entryAt(index, claims), 'any');
      const known = [...LENGTHS.keys(), LENGTHS.length, LENGTHS.length + 1].map(pathAt);
      const alone = new Map<string, Snapshot | undefined>();
      for (const path of known) alone.set(path, await filesystem.get(path));
      const asked = [
        ...known.toReversed(),
        // Those that are small, again and again.
        ...Array.from({ length: ASKED - known.length }, (_, n) => pathAt([0, 9, 1, 6, 10, 2][(n * 5) % 6] as number)),
      ];
      const found = await getMany(filesystem, asked);
      checkEqual(found.length, asked.length, 'the number of answers');
      for (const [place, path] of asked.entries()) checkFound(found[place], alone.get(path), path);
      checkEqual(await getMany(filesystem, []), [], 'the answer where nothing is asked for');
    },
  ),
  always(
    'get-many.own-bytes',
    'a path that is asked for twice is answered twice, and changing one answer changes neither the other nor what is stored',
    async ({ filesystem }) => {
      await filesystem.put('/many/twice', file('original'), 'any');
      await filesystem.put('/many/once', file('beside'), 'any');
      const found = await getMany(filesystem, ['/many/twice', '/many/once', '/many/twice']);
      checkEqual(
        found.map((each) => textOf(each)),
        ['original', 'beside', 'original'],
        'the answers',
      );
      found[0]?.body.fill(0);
      checkEqual(
        found.slice(1).map((each) => textOf(each)),
        ['beside', 'original'],
        'the other answers, after one was changed',
      );
      const again = await textsOf(filesystem, ['/many/twice', '/many/once']);
      checkEqual(again, ['original', 'beside'], 'the bodies, read again');
    },
  ),
  always(
    'get-many.latest',
    'what was put or deleted before entries are asked for together is seen as it is by get',
    async (context) => {
      const { filesystem } = context;
      const reader = await context.another();
      const paths = ['/many/kept', '/many/changed', '/many/deleted', '/many/made'];
      for (const path of paths.slice(0, 3)) await filesystem.put(path, file('first'), 'any');
      await getMany(reader, paths);
      await filesystem.put('/many/changed', file('second'), 'any');
      await filesystem.delete('/many/deleted', 'any');
      await filesystem.put('/many/made', file('made'), 'any');
      for (const by of [reader, filesystem]) {
        const together = await textsOf(by, paths);
        const alone = [];
        for (const path of paths) alone.push(textOf(await by.get(path)));
        checkEqual(together, alone, 'the bodies afterwards, as get gives them');
      }
    },
  ),
];
