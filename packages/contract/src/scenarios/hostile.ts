import { isVersion } from '@holdfast/core/adapter';
import { always, claimed, type Scenario } from '../scenario.ts';
import { checkRejects } from '../support/check.ts';
import { file } from '../support/bodies.ts';
import { changesNothing, FOREIGN, putVersioned } from '../support/states.ts';

const PATH = '/hostile/entry';
const INVALID = { code: 'INVALID_ARGUMENT' } as const;

/** A string that is an object. */
const BOXED: unknown = Object('any');

const HOSTILE_EXPECTATIONS: readonly unknown[] = [
  undefined, null, 0, 1, -1, NaN, '', ' ', '0', 'ANY', 'Absent', 'none', '*', true, false, 10n, Symbol('any'),
  [], ['any'], {}, () => 'any', BOXED, new Map([['version', 'x']]),
  { version: undefined }, { version: null }, { version: '' }, { version: 0 }, { version: NaN }, { version: true },
  { version: ['x'] }, { version: {} }, { version: BOXED }, { version: 'two words' }, { version: 'a\u0000b' },
  { version: '\ud800' }, { version: 'x'.repeat(100_000) }, { version: 'x', any: true }, { Version: 'x' },
  { version: 'x', [Symbol('extra')]: 1 }, Object.create({ version: 'x' }), { any: true }, { absent: true },
]; // prettier-ignore

const HOSTILE_ENTRIES: readonly unknown[] = [
  undefined, null, 0, '', 'text', [], {}, new Uint8Array(1), { body: undefined }, { body: null }, { body: 'text' },
  { body: [1, 2] }, { body: new ArrayBuffer(2) }, { body: new Uint16Array(2) }, { body: new DataView(new ArrayBuffer(2)) },
  { body: new Uint8ClampedArray(2) }, { body: { length: 2, 0: 1, 1: 2 } },
  { body: new Uint8Array(1), contentType: '' }, { body: new Uint8Array(1), contentType: null },
  { body: new Uint8Array(1), contentType: 7 }, { body: new Uint8Array(1), contentType: 'a\nb' },
  { body: new Uint8Array(1), contentType: 'x'.repeat(256) }, { body: new Uint8Array(1), contentType: 'ü' },
  { body: new Uint8Array(1), kind: '' }, { body: new Uint8Array(1), kind: null }, { body: new Uint8Array(1), kind: '1a' },
  { body: new Uint8Array(1), kind: 'a-b' }, { body: new Uint8Array(1), kind: 'a b' }, { body: new Uint8Array(1), kind: 'é' },
  { body: new Uint8Array(1), kind: 'a\n' }, { body: new Uint8Array(1), kind: 'x'.repeat(129) },
  { body: new Uint8Array(1), indexed: null }, { body: new Uint8Array(1), indexed: [] }, { body: new Uint8Array(1), indexed: 'a' },
  { body: new Uint8Array(1), indexed: { a: undefined } }, { body: new Uint8Array(1), indexed: { a: NaN } },
  { body: new Uint8Array(1), indexed: { a: Infinity } }, { body: new Uint8Array(1), indexed: { a: 1n } },
  { body: new Uint8Array(1), indexed: { a: {} } }, { body: new Uint8Array(1), indexed: { a: [] } },
  { body: new Uint8Array(1), indexed: { a: '\ud800' } }, { body: new Uint8Array(1), indexed: { a: 'a\u0000b' } },
  { body: new Uint8Array(1), indexed: { 'a-b': 1 } }, { body: new Uint8Array(1), indexed: { '': 1 } },
  { body: new Uint8Array(1), indexed: JSON.parse('{"__proto__":1}') as object }, { body: new Uint8Array(1), indexed: { [Symbol('a')]: 1 } },
  { body: new Uint8Array(1), indexed: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`k${n}`, n])) },
  { body: new Uint8Array(1), version: 'x' }, { body: new Uint8Array(1), Kind: 'x' }, { body: detached() },
]; // prettier-ignore

/** What is left of an array whose memory was handed to somebody else: it looks empty. */
function detached(): Uint8Array {
  const body = new Uint8Array(1);
  structuredClone(body, { transfer: [body.buffer] });
  return body;
}

const HOSTILE_OPTIONS: readonly unknown[] = [
  null, 0, 'x', true, () => {}, { timeoutMs: -1 }, { timeoutMs: NaN }, { timeoutMs: Infinity }, { timeoutMs: '5' },
  { timeoutMs: null }, { timeoutMs: 2 ** 31 }, { signal: null }, { signal: {} }, { signal: 'abort' },
  { signal: new AbortController() }, { timeout: 5 }, { [Symbol('x')]: 1 },
]; // prettier-ignore

/** Version tokens that are well-formed but are not the version, whatever a query language makes of them. */
function hostileTokens(current: string): string[] {
  const tokens = [
    'any', 'absent', 'null', 'undefined', '*', '%', '_', '0', '-1', "'OR'1'='1", "x';DROP/**/TABLE/**/entries;--", '$1', '?1',
    `${current}0`, `0${current}`, `${current}%`, current.slice(1), current.slice(0, -1),
    current === current.toUpperCase() ? current.toLowerCase() : current.toUpperCase(), `W/"${current}"`, `"${current}"`,
    `${current},${current}`, `${FOREIGN},${current}`, `${current},${FOREIGN}`, `${current};`, `${current}|x`, `x|${current}`, `{${current}}`, `[${current}]`,
    `(${current})`, `'${current}'`, `${current}/`, `/${current}`, `${current}#`, `+${current}`, `${current}=`, `${current}\\`, `urn:uuid:${current}`,
    current.replaceAll('-', ''), current.replaceAll('-', '_'), `%${current.charCodeAt(0).toString(16)}${current.slice(1)}`,
    Buffer.from(current).toString('base64'), encodeURIComponent(`"${current}"`), current.slice(0, 18), current.slice(-12), current.split('').toReversed().join(''),
  ]; // prettier-ignore
  return tokens.filter((token) => isVersion(token) && token !== current);
}

/** Nonsense in every argument: refused, typed, and without effect. */
export const hostileScenarios: readonly Scenario[] = [
  always(
    'hostile.put-expectation',
    'put refuses everything that is no expectation, on an entry and where none is',
    async (context) => {
      const { filesystem } = context;
      await filesystem.put(PATH, file('x'), 'any');
      await changesNothing(context, async () => {
        for (const hostile of HOSTILE_EXPECTATIONS) {
          for (const path of [PATH, `${PATH}-absent`]) {
            await checkRejects(
              () => filesystem.put(path, file('y'), hostile as 'any'),
              { ...INVALID, outcome: 'not-applied' },
              `put with the expectation ${shown(hostile)}`,
            );
          }
        }
      });
    },
  ),
  always(
    'hostile.delete-expectation',
    "delete refuses everything that is no expectation, also 'absent'",
    async (context) => {
      const { filesystem } = context;
      await filesystem.put(PATH, file('x'), 'any');
      await changesNothing(context, async () => {
        for (const hostile of [...HOSTILE_EXPECTATIONS, 'absent']) {
          await checkRejects(
            () => filesystem.delete(PATH, hostile as 'any'),
            { ...INVALID, outcome: 'not-applied' },
            `delete with the expectation ${shown(hostile)}`,
          );
        }
      });
    },
  ),
  always('hostile.entry', 'put refuses everything that is no entry', async (context) => {
    const { filesystem } = context;
    await changesNothing(context, async () => {
      for (const hostile of HOSTILE_ENTRIES) {
        await checkRejects(
          () => filesystem.put(PATH, hostile as { body: Uint8Array }, 'any'),
          { ...INVALID, outcome: 'not-applied' },
          `put of ${shown(hostile)}`,
        );
      }
    });
  }),
  always('hostile.options', 'every method refuses malformed options and unknown keys', async (context) => {
    const { filesystem } = context;
    await filesystem.put(PATH, file('x'), 'any');
    await changesNothing(context, async () => {
      for (const hostile of HOSTILE_OPTIONS as readonly object[]) {
        const what = `options ${shown(hostile)}`;
        await checkRejects(() => filesystem.get(PATH, hostile), INVALID, `get with ${what}`);
        await checkRejects(() => filesystem.put(PATH, file('y'), 'any', hostile), INVALID, `put with ${what}`);
        await checkRejects(() => filesystem.delete(PATH, 'any', hostile), INVALID, `delete with ${what}`);
        await checkRejects(() => filesystem.list('/', hostile), INVALID, `list with ${what}`);
        await checkRejects(() => filesystem.entries('/', hostile).next(), INVALID, `entries with ${what}`);
      }
    });
  }),
  always('hostile.pages', 'list and entries refuse malformed page sizes and cursors', async ({ filesystem }) => {
    for (const limit of [0, -1, 1.5, 1001, NaN, Infinity, '5', null] as number[]) {
      await checkRejects(() => filesystem.list('/', { limit }), INVALID, `list with limit ${String(limit)}`);
      await checkRejects(
        () => filesystem.entries('/', { pageSize: limit }).next(),
        INVALID,
        `entries with pageSize ${String(limit)}`,
      );
    }
    for (const after of ['', '/', 'a/b', '/a', '.', '..', 'a\u0000', '\ud800', 7, null, {}] as string[]) {
      await checkRejects(() => filesystem.list('/', { after }), INVALID, `list after ${shown(after)}`);
    }
    for (const after of ['', 'a', '/a/', '/..', '/a\u0000', 7, null, {}] as string[]) {
      await checkRejects(
        () => filesystem.entries('/', { after }).next(),
        { code: ['INVALID_PATH', 'INVALID_ARGUMENT'] },
        `entries after ${shown(after)}`,
      );
    }
  }),
  claimed(
    'hostile.token',
    'a version that resembles the current one, or means something to a query language, does not match',
    ['versioned'],
    {
      async run(context) {
        const { filesystem } = context;
        const current = await putVersioned(filesystem, PATH, 'x');
        await changesNothing(context, async () => {
          for (const version of hostileTokens(current)) {
            const expected = { code: 'VERSION_MISMATCH', outcome: 'not-applied' } as const;
            await checkRejects(
              () => filesystem.put(PATH, file('y'), { version }),
              expected,
              `put with the version ${version}`,
            );
            if (!context.claims.conditionalDelete) continue;
            await checkRejects(
              () => filesystem.delete(PATH, { version }),
              expected,
              `delete with the version ${version}`,
            );
          }
        });
      },
      async unclaimed(context) {
        const { filesystem } = context;
        await filesystem.put(PATH, file('x'), 'any');
        await changesNothing(context, async () => {
          for (const version of hostileTokens('some-version')) {
            const expected = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;
            await checkRejects(
              () => filesystem.put(PATH, file('y'), { version }),
              expected,
              `put with the version ${version}`,
            );
            await checkRejects(
              () => filesystem.delete(PATH, { version }),
              expected,
              `delete with the version ${version}`,
            );
          }
        });
      },
    },
  ),
  claimed(
    'hostile.version-getter',
    'an expectation that answers differently when asked again is taken at its first word',
    ['versioned'],
    {
      async run(context) {
        const { filesystem } = context;
        const current = await putVersioned(filesystem, PATH, 'x');
        const twoFaced = (answers: string[]) => ({
          get version() {
            return answers.shift() ?? current;
          },
        });
        await changesNothing(context, () =>
          checkRejects(() => filesystem.put(PATH, file('y'), twoFaced(['stale'])), { code: 'VERSION_MISMATCH' }, 'put'),
        );
      },
      async unclaimed(context) {
        const { filesystem } = context;
        const twoFaced = {
          get version() {
            return 'stale';
          },
        };
        await changesNothing(context, () =>
          checkRejects(() => filesystem.put(PATH, file('y'), twoFaced), { code: 'UNSUPPORTED' }, 'put'),
        );
      },
    },
  ),
];

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 60);
  } catch {
    return typeof value;
  }
}
