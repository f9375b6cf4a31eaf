import type { Capabilities, EntryInput, IndexedProjection } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { always, claimed, type Scenario } from '../scenario.ts';
import { file, patternedBytes, textOf } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { changesNothing, entry } from '../support/states.ts';

const PATH = '/bytes/entry';
const LARGEST_TRIED = 64 * 1024 * 1024;

// Nothing, less than a row, more than a page, a packet or a chunk of most stores takes.
const LENGTHS = [0, 10, 5_000, 70_000, 300_000];

const TRICKY_INDEX: IndexedProjection = {
  zero: 0, negative: -1, tenth: 0.1, third: 1 / 3, huge: Number.MAX_VALUE, tiny: Number.MIN_VALUE, safe: Number.MAX_SAFE_INTEGER,
  beyondInt32: 2 ** 31, beyondSafe: 2 ** 53, yes: true, no: false, nothing: null, empty: '', quoted: `'"\\`, number: '1',
  text: 'null', unicode: 'é😀\uff5e', control: 'a\nb\tc\u0001', constructor: 'ordinary', _under_1: 'x',
  time: '2024-01-01T00:00:00+02:00', day: '2024-01-01', padded: '007', exponent: '1e3', word: 'true', hex: 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11',
}; // prettier-ignore

/** A body that a store may keep in parts, in bytes. */
const LARGE = 300_000;

const TWINS = ['/twins/one', '/twins/other', '/twins/third'] as const;
const ENDS = ['', '.0', '.1', '.2', '-1', '_1', '#1', ':1', '.part', '.meta', '.data', '.body', '.tmp', '~'];
const ALIKE: readonly string[] = ENDS.map((end) => `/alike/entry.log${end}`);

// JSON that says the same in another way than is usual, and what else is a value rather than bytes to some.
const SAYING = ['{ "b": 1, "a": 1.0, "a": 2 }', '[12345678901234567890, 1e2]', ' null', '"é"', '<p>x', 'a=1&a=2'];

/** As much beside a body as there can be. */
function mostMetadata({ records, indexed, contentTypes }: Capabilities): Omit<EntryInput, 'body'> {
  const keys = Array.from({ length: 32 }, (_, index) => `k${String(index).padStart(127, '0')}`);
  return {
    ...(contentTypes ? { contentType: 'x'.repeat(255) } : {}),
    ...(records ? { kind: 'K'.repeat(128) } : {}),
    ...(indexed ? { indexed: Object.fromEntries(keys.map((key) => [key, 'é'.repeat(512)])) } : {}),
  };
}

/** Bodies and metadata come back exactly, and nobody's buffer is anybody else's. */
export const bytesScenarios: readonly Scenario[] = [
  always('bytes.empty', 'an empty body is an entry, not an absence', async ({ filesystem }) => {
    await filesystem.put(PATH, { body: new Uint8Array(0) }, 'any');
    const stored = await filesystem.get(PATH);
    checkEqual(stored?.body.length, 0, 'the length of the body');
    const { children } = await filesystem.list('/bytes');
    checkEqual(children, [{ name: 'entry', isEntry: true, isPrefix: false }], 'the listing');
    checkEqual((await filesystem.delete(PATH, 'any')).deleted, true, 'deleted');
  }),
  always('bytes.every-value', 'every byte value comes back, alone and together', async ({ filesystem }) => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    await filesystem.put(PATH, { body: all }, 'any');
    checkEqual(Array.from((await filesystem.get(PATH))?.body ?? []), Array.from(all), 'the body');
    for (const value of [0, 10, 13, 92, 127, 128, 255]) {
      await filesystem.put(PATH, { body: Uint8Array.of(value) }, 'any');
      checkEqual(Array.from((await filesystem.get(PATH))?.body ?? []), [value], 'the body of one byte');
    }
  }),
  always(
    'bytes.largest',
    'a body of exactly maxBodyBytes is stored, whatever its metadata; one byte more is refused and changes nothing',
    async (context) => {
      const { filesystem, claims } = context;
      // Some stores take more than fits into memory; there the limit itself cannot be tried.
      const limited = claims.maxBodyBytes <= LARGEST_TRIED;
      const largest = patternedBytes(Math.min(claims.maxBodyBytes, LARGEST_TRIED));
      await filesystem.put(PATH, { body: largest, ...mostMetadata(claims) }, 'any');
      const stored = (await filesystem.get(PATH))?.body;
      checkEqual(stored?.length, largest.length, 'the length of the body');
      check(stored !== undefined && sameBytes(stored, largest), 'the same bytes');
      await filesystem.put(PATH, file('small'), 'any');
      checkEqual(await context.text(PATH), 'small', 'the body after it was replaced by a smaller one');
      if (!limited) return;
      await changesNothing(context, () =>
        checkRejects(
          () => filesystem.put(PATH, { body: new Uint8Array(claims.maxBodyBytes + 1) }, 'any'),
          { code: 'BODY_TOO_LARGE', outcome: 'not-applied' },
          'put of one byte more',
        ),
      );
    },
  ),
  always('bytes.put-copies', 'changing a buffer after put was called changes nothing stored', async (context) => {
    const body = new TextEncoder().encode('original');
    const pending = context.filesystem.put(PATH, { body }, 'any');
    body.fill(0);
    await pending;
    checkEqual(await context.text(PATH), 'original', 'the body, changed while put was under way');
    const again = new TextEncoder().encode('original');
    await context.filesystem.put(PATH, { body: again }, 'any');
    again.fill(0);
    checkEqual(await context.text(PATH), 'original', 'the body, changed after put');
  }),
  always('bytes.get-copies', 'changing a buffer that get or entries gave changes nothing stored', async (context) => {
    const { filesystem } = context;
    await filesystem.put(PATH, file('original'), 'any');
    const [first, second] = await Promise.all([filesystem.get(PATH), filesystem.get(PATH)]);
    first?.body.fill(0);
    checkEqual(textOf(second), 'original', 'a body that was read at the same time');
    checkEqual(await context.text(PATH), 'original', 'the body');
    for await (const found of filesystem.entries('/bytes')) found.body.fill(0);
    checkEqual(await context.text(PATH), 'original', 'the body after entries');
  }),
  always('bytes.own-memory', 'the memory behind a body holds nothing but that body', async ({ filesystem }) => {
    await filesystem.put(PATH, file('a body'), 'any');
    const bodies = [(await filesystem.get(PATH))?.body];
    for await (const found of filesystem.entries('/bytes')) bodies.push(found.body);
    for (const body of bodies) {
      checkEqual(body?.buffer.byteLength, body?.byteLength, 'the size of the memory behind the body');
      checkEqual(body?.constructor.name, 'Uint8Array', 'the class of the body');
    }
  }),
  always('bytes.views', 'a view of a larger buffer and a Buffer are stored as what they show', async (context) => {
    const whole = new TextEncoder().encode('not this, that, nor this');
    await context.filesystem.put(PATH, { body: whole.subarray(10, 14) }, 'any');
    checkEqual(await context.text(PATH), 'that', 'the body of a view');
    await context.filesystem.put(PATH, { body: Buffer.from('from a pool') }, 'any');
    checkEqual(await context.text(PATH), 'from a pool', 'the body of a Buffer');
  }),
  always('bytes.replaced-whole', 'put replaces everything about an entry', async (context) => {
    const { filesystem, claims } = context;
    const { contentTypes, indexed } = claims;
    const extras = {
      ...(contentTypes ? { contentType: 'text/plain' } : {}),
      ...(indexed ? { indexed: { a: 1 } } : {}),
    };
    await filesystem.put(PATH, { ...entry(context, 'much longer than the next'), ...extras }, 'any');
    await filesystem.put(PATH, file('short'), 'any');
    const stored = await filesystem.get(PATH);
    checkEqual(textOf(stored), 'short', 'the body');
    checkEqual(stored?.kind, undefined, 'the kind');
    checkEqual(stored?.indexed, undefined, 'the indexed projection');
    checkEqual(stored?.contentType, 'application/octet-stream', 'the content type');
    const bodies = LENGTHS.filter((length) => length <= claims.maxBodyBytes).map(patternedBytes);
    for (const isDeleted of [false, true]) {
      for (const [index, before] of bodies.entries()) {
        // Each after each other, in few writes.
        for (const after of bodies.slice(index)) {
          for (const body of [after, before]) {
            if (isDeleted) await filesystem.delete(PATH, 'any');
            await filesystem.put(PATH, { body }, 'any');
            const found = (await filesystem.get(PATH))?.body;
            check(found !== undefined && sameBytes(found, body), `the body of ${body.length} bytes that was put last`);
          }
        }
      }
    }
  }),
  always(
    'bytes.equal',
    'entries with equal bodies, or with names that are alike, have nothing in common',
    async (context) => {
      const { filesystem, claims } = context;
      for (const length of [5, 10_000, LARGE].filter((it) => it <= claims.maxBodyBytes)) {
        const [body, other] = [patternedBytes(length), patternedBytes(length - 1)];
        const has = async (path: string, expected: Uint8Array): Promise<void> => {
          const found = (await filesystem.get(path))?.body;
          check(found !== undefined && sameBytes(found, expected), `the body of ${expected.length} bytes at ${path}`);
        };
        for (const path of TWINS) await filesystem.put(path, { body }, 'any');
        await filesystem.delete(TWINS[0], 'any');
        await has(TWINS[1], body);
        await filesystem.put(TWINS[1], { body: other }, 'any');
        await has(TWINS[2], body);
        await filesystem.put(TWINS[0], { body }, 'any');
        await filesystem.delete(TWINS[2], 'any');
        await has(TWINS[0], body);
        // What one is stored in may be named like another.
        const bodies = new Map(ALIKE.map((path, index) => [path, patternedBytes(length - (index % 5))]));
        for (const [path, own] of bodies) await filesystem.put(path, { body: own }, 'any');
        for (const [path, own] of bodies) await has(path, own);
        for (const path of ALIKE.slice(1)) await filesystem.delete(path, 'any');
        await has(ALIKE[0] as string, bodies.get(ALIKE[0] as string) as Uint8Array);
      }
    },
  ),
  claimed('bytes.kind', 'a kind comes back exactly', ['records'], {
    async run({ filesystem }) {
      for (const kind of ['a', '_', 'Turn_2', 'x'.repeat(128), 'constructor', 'NULL']) {
        const path = `/bytes/${kind}`;
        await filesystem.put(path, { body: new Uint8Array(1), kind }, 'any');
        checkEqual((await filesystem.get(path))?.kind, kind, 'the kind');
        for await (const found of filesystem.entries('/bytes')) checkEqual(found.kind, kind, 'the kind in entries');
        await filesystem.delete(path, 'any');
      }
    },
    async unclaimed({ filesystem }) {
      await filesystem.put(PATH, file('x'), 'any');
      checkEqual((await filesystem.get(PATH))?.kind, undefined, 'the kind of an opaque entry');
    },
  }),
  claimed('bytes.content-type', 'a content type comes back exactly', ['contentTypes'], {
    async run({ filesystem }) {
      const contentTypes = ['text/plain; charset=utf-8', 'application/vnd.x+json', `"'\\%_`, 'x'.repeat(255)];
      for (const [index, contentType] of contentTypes.entries()) {
        const path = `/bytes/${index}`;
        await filesystem.put(path, { body: new Uint8Array(1), contentType }, 'any');
        checkEqual((await filesystem.get(path))?.contentType, contentType, 'the content type');
      }
      for (const contentType of ['application/json', 'text/html', 'application/x-www-form-urlencoded']) {
        for (const text of SAYING) {
          await filesystem.put('/saying', { ...file(text), contentType }, 'any');
          checkEqual(textOf(await filesystem.get('/saying')), text, `the body of ${contentType}`);
        }
      }
      for await (const { path, contentType } of filesystem.entries('/bytes')) {
        checkEqual(contentType, contentTypes[Number(path.slice('/bytes/'.length))], 'the content type in entries');
      }
    },
    async unclaimed({ filesystem }) {
      await filesystem.put(PATH, { ...file('x'), contentType: 'application/octet-stream' }, 'any');
      checkEqual((await filesystem.get(PATH))?.contentType, 'application/octet-stream', 'the content type');
    },
  }),
  claimed(
    'bytes.indexed-copies',
    'changing a projection after put, or one that get gave, changes nothing stored',
    ['indexed'],
    {
      async run({ filesystem }) {
        const indexed = { name: 'one' };
        const pending = filesystem.put(PATH, { ...file('x'), indexed }, 'any');
        indexed.name = 'two';
        await pending;
        indexed.name = 'three';
        const given = (await filesystem.get(PATH))?.indexed;
        checkEqual(given, { name: 'one' }, 'the projection, changed by who put it');
        // It may also be frozen.
        Reflect.set(given as object, 'name', 'four');
        checkEqual((await filesystem.get(PATH))?.indexed, { name: 'one' }, 'the projection, changed by who got it');
      },
      async unclaimed(context) {
        await changesNothing(context, () =>
          checkRejects(
            () => context.filesystem.put(PATH, { ...file('x'), indexed: { name: 'one' } }, 'any'),
            { code: 'UNSUPPORTED', outcome: 'not-applied' },
            'put with a projection',
          ),
        );
      },
    },
  ),
  claimed('bytes.indexed', 'an indexed projection comes back exactly', ['indexed'], {
    async run({ filesystem }) {
      await filesystem.put(PATH, { ...file('x'), indexed: TRICKY_INDEX }, 'any');
      const expected = Object.fromEntries(Object.entries(TRICKY_INDEX).toSorted(([a], [b]) => (a < b ? -1 : 1)));
      checkEqual((await filesystem.get(PATH))?.indexed, expected, 'the indexed projection');
      for await (const found of filesystem.entries('/bytes'))
        checkEqual(found.indexed, expected, 'the projection in entries');
      await filesystem.put('/other/entry', { ...file('x'), indexed: {} }, 'any');
      checkEqual((await filesystem.get('/other/entry'))?.indexed, {}, 'an empty projection');
    },
    async unclaimed({ filesystem }) {
      await filesystem.put(PATH, file('x'), 'any');
      checkEqual((await filesystem.get(PATH))?.indexed, undefined, 'the projection of an opaque entry');
    },
  }),
];
