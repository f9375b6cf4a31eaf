import { expect, test } from 'vitest';
import { GROUPS } from '../groups/index.ts';
import { bench } from './bench.ts';
import type { BenchResult } from './bench-result.ts';
import type { Benchmark } from './benchmark.ts';
import { loadPeer } from './not-installed.ts';

const once = { rounds: 1 };

async function run(args: readonly string[], groups = GROUPS) {
  const lines = { out: [] as string[], err: [] as string[] };
  const output = { out: (line: string) => void lines.out.push(line), err: (line: string) => void lines.err.push(line) };
  return { code: await bench(groups, ['--seconds', '0.02', ...args], output, once), ...lines };
}

const stands = (id: string, measure: Benchmark['measure']) => ({
  title: `that of ${id}`,
  benchmarks: [{ ids: [id], measure }],
});
const measures = (id: string) => stands(id, async () => [{ id, unit: 'ms', ours: [1], peer: [2] }]);
const missing = stands('missing', () =>
  loadPeer('a-peer', () => Promise.reject(new Error('no binary'))).then(() => []),
);
const failing = stands('failing', () => Promise.reject(new Error('wrong')));

test('with --json, one document of machine and results is all that is on standard output', async () => {
  const { code, out, err } = await run([
    '--json',
    '--only',
    '^(memory-get|sqlite-durable-4|sqlite-hot-64|sqlite-get)$',
  ]);
  expect(err).toEqual([]);
  expect(code).toBe(0);
  const { machine, results } = JSON.parse(out.join('\n')) as { machine: object; results: BenchResult[] };
  expect(machine).toMatchObject({ node: process.versions.node, servers: [] });
  expect(results.map((it) => it.id)).toEqual(['memory-get', 'sqlite-durable-4', 'sqlite-hot-64', 'sqlite-get']);
  for (const result of results) {
    expect(Object.keys(result)).toEqual(['id', 'ours', 'peer', 'ratio', 'unit']);
    expect(result.ratio).toBe(result.peer === null ? null : result.ours / result.peer);
  }
});

test('an id is there once, and --only takes a pattern of ids', async () => {
  const ids = GROUPS.flatMap(({ benchmarks }) => benchmarks.flatMap((it) => it.ids));
  expect(ids).toEqual([...new Set(ids)]);
  const { code, out } = await run(['--json', '--only', '^b'], ['a', 'b', 'bc', 'ab'].map(measures));
  expect(code).toBe(0);
  expect((JSON.parse(out.join('\n')) as { results: BenchResult[] }).results.map(({ id }) => id)).toEqual(['b', 'bc']);
});

test('without --json a peer that is missing is told of, and the others are measured', async () => {
  const { code, out, err } = await run([], [missing, measures('b')]);
  expect(code).toBe(0);
  expect(err).toEqual([]);
  expect(out).toContain('  missing: left out, a-peer cannot be loaded here (no binary)');
  expect(out.at(-1)).toMatch(/^b .*0\.50 of the time$/);
});

test('with --json it is told of on standard error', async () => {
  const { code, out, err } = await run(['--json'], [missing, measures('b')]);
  expect(code).toBe(0);
  expect(err).toEqual(['  missing: left out, a-peer cannot be loaded here (no binary)']);
  expect(JSON.parse(out.join('\n'))).toMatchObject({ results: [{ id: 'b' }] });
});

test('what fails is told of with its ids, the others are measured, and the exit code says so', async () => {
  const { code, out, err } = await run(['--json'], [failing, measures('b')]);
  expect(code).toBe(1);
  expect(err.join('\n')).toMatch(/^failing failed: Error: wrong/);
  expect(JSON.parse(out.join('\n'))).toMatchObject({ results: [{ id: 'b' }] });
});

test.each([[['--only', 'nothing-like-it']], [['--seconds', '0']], [['--page', '--only', 'a']], [['--what']]])(
  '%j is refused before anything is measured',
  async (args) => {
    const { code, out, err } = await run(args);
    expect(code).toBe(2);
    expect(out).toEqual([]);
    expect(err).toHaveLength(1);
  },
);
