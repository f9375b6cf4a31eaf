import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkLimits } from './limits.ts';
import type { NoLimit } from './limits/no-limits.ts';
import type { Unnamed } from './limits/unnamed.ts';

const ADVICE = 'make it a constant, or say in scripts/check/limits/unnamed.ts what it is instead';

interface Workspace {
  /** The sources of `@holdfast/a`, beside an empty `index.ts`. */
  readonly a?: Record<string, string>;
  /** Those of `@holdfast/b`. */
  readonly b?: Record<string, string>;
  /** The rows of the table. */
  readonly rows?: readonly string[];
  readonly noLimits?: readonly NoLimit[];
  readonly unnamed?: readonly Unnamed[];
}

function problemsIn({ a = {}, b = {}, rows = [], noLimits = [], unnamed = [] }: Workspace): string[] {
  const sources = (name: string, files: Record<string, string>): [string, string][] => [
    [
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@holdfast/${name}`, exports: { '.': {}, './extra': {} } }),
    ],
    ...Object.entries({ 'index.ts': '', 'extra.ts': '', ...files }).map(([file, text]): [string, string] => [
      `packages/${name}/src/${file}`,
      text,
    ]),
  ];
  const head = '| name | default | where to change it | why |\n| --- | --- | --- | --- |\n';
  using workspace = temporaryFolder({
    ...Object.fromEntries([...sources('a', a), ...sources('b', b)]),
    'docs/limits.md': `# Limits\n\n${head}${rows.join('\n')}\n\nThe end.\n`,
  });
  return checkLimits(workspace.path, noLimits, unnamed);
}

/** A row of the table, about constants of `@holdfast/a`. */
function row(name: string, value: string, file = 'x.ts'): string {
  return `| the ${name} of ${file} [\`${name}\`](../packages/a/src/${file}) | ${value} | fixed | Because. |`;
}

test('the table of limits is that of the code', () => {
  expect(checkLimits()).toEqual([]);
});

test('a constant that the table lacks is reported where it is', () => {
  const x = '/** So many. */\nexport const MAX_CALLS = 64;\nconst WAIT_MS: number = 2 ** 31 - 1;';
  expect(problemsIn({ a: { 'x.ts': x } })).toEqual([
    'packages/a/src/x.ts:2: MAX_CALLS is neither in the table of docs/limits.md nor in scripts/check/limits/no-limits.ts',
    'packages/a/src/x.ts:3: WAIT_MS is neither in the table of docs/limits.md nor in scripts/check/limits/no-limits.ts',
  ]);
  expect(
    problemsIn({ a: { 'x.ts': x }, rows: [row('MAX_CALLS', '64 calls'), row('WAIT_MS', '2,147,483,647 ms')] }),
  ).toEqual([]);
});

test.each([
  ['export const SIZE = 16 * 1024 * 1024;', 'SIZE', '16 MiB', '15 MiB'],
  ['const WAIT_MS = 5000;', 'WAIT_MS', '5 s', '5 ms'],
  ['const WAIT_MS = 1.5;', 'WAIT_MS', '1.5 ms', '1 ms'],
  ['const AGE_MS = 3_600_000;', 'AGE_MS', '1 h', '1 min'],
  ['const SHARE = 1 / 4;', 'SHARE', '25 %', '24 %'],
  ['const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;', 'NAME', '63 characters', '62 characters'],
  ['class Line {\n  static readonly #most = 7;\n}', 'Line.#most', '7', '8'],
  ['const A = 3;\nconst B = 2 * A;', 'B', '6', '3'],
])('%s is compared by its value', (text, name, right, wrong) => {
  const others = text.startsWith('const A =') ? [row('A', '3')] : [];
  const check = (value: string): string[] => problemsIn({ a: { 'x.ts': text }, rows: [...others, row(name, value)] });
  expect(check(right)).toEqual([]);
  expect(check(wrong)).toEqual([expect.stringContaining(`: ${name} is `)]);
});

test('a value is followed through imports, re-exports and objects of other files and packages', () => {
  const a = {
    'index.ts': `export { LIMITS } from './limits.ts';`,
    'limits.ts': `import { BASE } from './base.ts';\nexport const LIMITS = { reads: { most: 2 * BASE } } as const;`,
    'base.ts': 'export const BASE = 5;',
  };
  const b = { 'y.ts': `import { LIMITS as OURS } from '@holdfast/a';\nconst MOST = OURS.reads.most + 1;` };
  const rows = [
    row('BASE', '5', 'base.ts'),
    row('LIMITS.reads.most', '10', 'limits.ts'),
    '| most of b [`MOST`](../packages/b/src/y.ts) | 12 | fixed | Because. |',
  ];
  expect(problemsIn({ a, b, rows })).toEqual(['packages/b/src/y.ts:2: MOST is 11, but docs/limits.md:7 says 12']);
});

test.each([
  ['const D = { reads: { limit: 64 } };', 'D.reads.limit'],
  ['const D = Object.freeze({ limit: 64 } as const);', 'D.limit'],
  ['const D: X = ({ limit: 64 }) satisfies Y;', 'D.limit'],
  ['const D = { "in-words": [{ limit: 64 }] };', 'D.in-words[0].limit'],
  ['const D = new Map([["limit", 64]]);', 'D[0][1]'],
  ['const defaults = { limit: 64 };', 'defaults.limit'],
])('a bound does not hide in %s', (text, name) => {
  expect(problemsIn({ a: { 'x.ts': text } })).toEqual([expect.stringContaining(`: ${name} is neither`)]);
  expect(problemsIn({ a: { 'x.ts': text }, rows: [row(name, '63')] })).toEqual([
    expect.stringContaining(`${name} is 64`),
  ]);
});

test.each([
  'const LIMIT: number = limitOfTheDay();',
  'const LIMIT = Number(process.env.LIMIT);',
  'const LIMIT = Math.max(2, cpus);',
  'const LIMIT = isSmall ? 2 : 20;',
  'const LIMIT = 2 * cpus;',
])('what cannot be worked out (%s) has to be excused', (text) => {
  expect(problemsIn({ a: { 'x.ts': text } })).toEqual([expect.stringContaining('LIMIT is neither')]);
  expect(problemsIn({ a: { 'x.ts': text }, rows: [row('LIMIT', '2')] })).toEqual([
    expect.stringContaining('LIMIT is NaN'),
  ]);
  const noLimits = [{ file: 'packages/a/src/x.ts', names: ['LIMIT'], why: 'a test' }];
  expect(problemsIn({ a: { 'x.ts': text }, noLimits })).toEqual([]);
});

test('text is no limit', () => {
  const text = `
    const NAME = 'a' + 'b';
    const TEXT = \`\${1}\`;
    const PATTERN = /^[a-z]+$/;
    class A { readonly #name = 'x'; }`;
  expect(problemsIn({ a: { 'x.ts': text, 'x.test.ts': 'const PLANTED = 5;' } })).toEqual([]);
});

test.each([
  ['checkInteger("a", a, { min: 1, max: 500, fallback: MOST });', '`max`'],
  ['const bounds = { min: 1, max: 2 ** 31, fallback: MOST };', '`max`'],
  ['checkInteger("a", a, { min: 0, max: MOST, fallback: 10 });', '`fallback`'],
  ['function f({ limit = 10 }) {}', 'a default'],
  ['function f(limit: number = 10) {}', 'a default'],
  ['const limit = () => options.limit ?? 10;', 'a default'],
  ['setTimeout(end, 500);', 'a wait'],
  ['await pause(500, signal);', 'a wait'],
  ['const signal = AbortSignal.timeout(500);', 'a wait'],
  ['const lane = new Lane(4);', 'the capacity of a Lane'],
])('a bound without a name is reported: %s', (text, what) => {
  const [first, ...others] = problemsIn({ a: { 'x.ts': `let MOST;\n${text}` } });
  expect(first).toBe(`packages/a/src/x.ts:2: ${what} is a number without a name; ${ADVICE}`);
  // An object at the top of a file is found by its name as well.
  expect(others.every((it) => it.includes('bounds.'))).toBe(true);
});

test.each([
  'if (queue.length >= 500) refuse();',
  'if (attempt <= 500) tryAgain();',
  'const most = () => Math.min(given, 500);',
  'const limit = () => (options.limit === undefined ? 500 : options.limit);',
  'function f(o) { o.limit ??= 500; }',
  'let MAX_CALLS = 500;',
  'class A { limit = 500; }',
  'enum E { Max = 500 }',
  'export default { limit: 500 };',
  'filesystem.get(path, { timeoutMs: 500 });',
  'const pool = () => new Pool({ max: 500 });',
  'globalThis.setTimeout(end, 500);',
  'const CALL = () => 500;',
  'function f() { const local = 500; return local; }',
])('a number in the middle of code is reported, whatever it is for: %s', (text) => {
  expect(problemsIn({ a: { 'x.ts': text } })).toEqual([
    expect.stringMatching(/^packages\/a\/src\/x\.ts:1: (500|a default) is a number without a name/),
  ]);
});

test('so is a pattern that says how often something may be repeated', () => {
  expect(problemsIn({ a: { 'x.ts': 'const f = (text) => /^a{1,64}$/.test(text);' } })).toEqual([
    `packages/a/src/x.ts:1: /^a{1,64}$/ is a number without a name; ${ADVICE}`,
  ]);
});

test('a number can be excused by how it is written, and only as long as it is there', () => {
  const excuse = (...numbers: string[]) => [{ file: 'packages/a/src/x.ts', numbers, why: 'a test' }];
  const a = { 'x.ts': 'f(500);\nf(0x1f4);' };
  expect(problemsIn({ a, unnamed: excuse('500', '0x1f4') })).toEqual([]);
  expect(problemsIn({ a, unnamed: excuse('500') })).toEqual([expect.stringContaining(':2: 0x1f4 is a number')]);
  expect(problemsIn({ a, unnamed: excuse('500', '0x1f4', '501') })).toEqual([
    'packages/a/src/x.ts has no 501 without a name; take it off the list in scripts/check/limits/unnamed.ts',
  ]);
});

test('0 and 1 need no name where they stand for nothing and for one at a time', () => {
  const text =
    'new Lane(1);\nsetTimeout(end, 0);\nfunction f(a = 0, b = c ?? 1) {}\nf({ min: 0, max: MOST, fallback: 1 });';
  expect(problemsIn({ a: { 'x.ts': text } })).toEqual([]);
});

test('a row for a constant that is gone is reported', () => {
  expect(problemsIn({ rows: [row('GONE', '5')] })).toEqual([
    'docs/limits.md:5: packages/a/src/x.ts has no number GONE',
  ]);
});

test('an excuse for a constant that is gone is reported, and one for a limit of the table too', () => {
  const noLimits = [{ file: 'packages/a/src/x.ts', names: ['A', 'GONE'], why: 'a test' }];
  expect(problemsIn({ a: { 'x.ts': 'const A = [1, 2];' }, noLimits })).toEqual([
    'packages/a/src/x.ts has no number GONE; take it off the list of those that are no limits',
  ]);
  const both = { a: { 'x.ts': 'const A = 1;' }, rows: [row('A', '1')] };
  expect(problemsIn({ ...both, noLimits: [{ file: 'packages/a/src/x.ts', names: ['A'], why: 'a test' }] })).toEqual([
    'packages/a/src/x.ts:1: A is in the table of docs/limits.md and among those that are no limits',
  ]);
});

test('an excuse holds for what it names, not for what begins with the same letters', () => {
  const noLimits = [{ file: 'packages/a/src/x.ts', names: ['A'], why: 'a test' }];
  expect(problemsIn({ a: { 'x.ts': 'const A = { b: 5 };\nconst A_MORE = 5;' }, noLimits })).toEqual([
    expect.stringContaining('A_MORE is neither'),
  ]);
});

test.each([
  ['an empty cell', `| a [\`A\`](../packages/a/src/x.ts) | 5 | fixed | |`, 'the row has an empty cell'],
  ['no number', row('A', 'five'), 'the default does not begin with a number'],
  ['no constant', '| a | 5 | fixed | Because. |', 'the row names no constant'],
])('a row with %s is reported', (_what, line, problem) => {
  const noLimits = line.includes('A`') ? [] : [{ file: 'packages/a/src/x.ts', names: ['A'], why: 'a test' }];
  const problems = problemsIn({ a: { 'x.ts': 'const A = 5;' }, rows: [line], noLimits });
  expect(problems).toContain(`docs/limits.md:5: ${problem}`);
});

test('a constant that counts milliseconds or bytes has a unit in the table, and the right one', () => {
  const a = { 'x.ts': 'const WAIT_MS = 5;\nconst ROOM_BYTES = 5;' };
  expect(problemsIn({ a, rows: [row('WAIT_MS', '5'), row('ROOM_BYTES', '5 ms')] })).toEqual([
    'docs/limits.md:5: WAIT_MS needs a unit of time',
    'docs/limits.md:6: ROOM_BYTES needs a unit of bytes',
  ]);
});

test('what is published is published under the name of a row, and such a row only names what is published', () => {
  const text = `const MOST = 5;\nnew SaturationWatch('a', MOST);\nnew Lane(MOST, 'b');\nnew Permits('c', limits);\nnew Lane(MOST);`;
  const noLimits = [{ file: 'packages/a/src/x.ts', names: ['MOST'], why: 'a test' }];
  expect(problemsIn({ a: { 'x.ts': text }, noLimits })).toEqual(
    ['2: a', '3: b', '4: c.limit', '4: c.queue'].map(
      (it) => `packages/a/src/x.ts:${it} is published, but no row of docs/limits.md has that name`,
    ),
  );
  const named = (name: string): string => `| \`${name}\` [\`MOST\`](../packages/a/src/x.ts) | 5 | fixed | Because. |`;
  const x = { 'x.ts': `const MOST = 5;\nnew Lane(MOST, 'a');` };
  expect(problemsIn({ a: x, rows: [named('a')] })).toEqual([]);
  expect(problemsIn({ a: { 'x.ts': 'const MOST = 5;' }, rows: [named('a')] })).toEqual([
    'docs/limits.md:5: nothing publishes that a is nearly used up',
  ]);
});

test('one row may stand for constants of several files, and no constant has two rows', () => {
  const a = { 'x.ts': 'const A = 5;', 'y.ts': 'const A = 5;' };
  const both = '| a [`A`](../packages/a/src/x.ts), [`A`](../packages/a/src/y.ts) | 5 | fixed | Because. |';
  expect(problemsIn({ a, rows: [both] })).toEqual([]);
  expect(problemsIn({ a: { ...a, 'y.ts': 'const A = 6;' }, rows: [both] })).toHaveLength(1);
  expect(problemsIn({ a, rows: [both, row('A', '5')] })).toEqual([
    'docs/limits.md:5: A of packages/a/src/x.ts is in the table twice',
    'docs/limits.md:6: A of packages/a/src/x.ts is in the table twice',
  ]);
});
