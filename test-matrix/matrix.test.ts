import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SCENARIOS } from '@holdfast/contract';
import { expect, test } from 'vitest';
import { BACKENDS } from './backends/index.ts';
import type { MatrixReport, RanBackend } from './report/matrix-report.ts';
import { notClaimed } from './report/needs.ts';
import { readMarkup } from './report/testing/well-formed.ts';

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program. What the environment of this test leaves out is not left out of it. */
function matrix(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const env = { ...process.env, HOLDFAST_MATRIX_WITHOUT: '', ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, 'matrix.ts'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

test('runs one backend, writes the report as JSON and as a page, and says what was left out', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-matrix-'));
  try {
    const output = join(folder, 'made', 'here');
    const { code, stdout } = await matrix(['--only', 'memory', '--effort', 'quick', '--output', output]);
    expect(code).toBe(0);
    expect((await readdir(output)).toSorted()).toEqual(['matrix.html', 'matrix.json']);
    const report = JSON.parse(await readFile(join(output, 'matrix.json'), 'utf8')) as MatrixReport;
    expect(report).toMatchObject({
      format: 1,
      ok: true,
      effort: 'quick',
      servers: [],
      backends: [
        {
          id: 'memory',
          status: 'passed',
          capabilities: { cas: 'versioned', sharing: 'instance', planes: ['atomic-commit'] },
        },
      ],
    });
    const others = BACKENDS.filter(({ id }) => id !== 'memory');
    expect(report.leftOut).toEqual(others.map(({ id, name }) => ({ id, name, by: '--only' })));
    const { capabilities, scenarios, hotKey } = report.backends[0] as RanBackend;
    expect(scenarios).toHaveLength(SCENARIOS.length);
    expect(hotKey?.points.map(({ counter }) => counter)).toEqual([10, 40, 160, 640]);
    // The reasons for refusals go by the same rules as the suite.
    const refused = scenarios.filter(({ status }) => status === 'refused');
    expect(refused.map(({ id }) => id)).toEqual(
      scenarios.filter(({ id }) => notClaimed(id, capabilities).length > 0).map(({ id }) => id),
    );
    expect(refused.every((it) => it.notClaimed.length > 0)).toBe(true);
    readMarkup(await readFile(join(output, 'matrix.html'), 'utf8'));
    for (const told of [report.verdict, join(output, 'matrix.html'), 'LEFT OUT']) expect(stdout).toContain(told);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.each([
  ['an id of --only', ['--only', 'memory,postgress'], {}, 'postgress'],
  ['an id of --without', ['--without', 'postgress'], {}, 'postgress'],
  ['an id in the environment', ['--only', 'memory'], { HOLDFAST_MATRIX_WITHOUT: 'postgress' }, 'postgress'],
  ['an argument', ['--quick'], {}, '--quick'],
])('%s that it does not know ends it with 2 before anything runs', async (_, args, environment, named) => {
  const { code, stdout, stderr } = await matrix(args, environment);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(named);
  expect(stderr).toContain('npm run matrix');
});

test('leaving out everything that was asked for ends it with 2', async () => {
  expect((await matrix(['--only', 'memory'], { HOLDFAST_MATRIX_WITHOUT: 'memory' })).code).toBe(2);
});

test('an output folder that cannot be written to ends it with 2 before anything runs', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-matrix-'));
  try {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, stdout, stderr } = await matrix(['--only', 'memory', '--effort', 'quick', '--output', file]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^\S+ cannot be written to, where the report should go: E.*\n$/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a report that cannot be written is printed all the same, and ends it with 1', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-matrix-'));
  try {
    await mkdir(join(folder, 'matrix.json'));
    const { code, stdout, stderr } = await matrix(['--only', 'memory', '--effort', 'quick', '--output', folder]);
    expect(code).toBe(1);
    expect(stdout).toContain('memory keeps the contract');
    expect(stderr).toMatch(/^the report could not be written to \S+: EISDIR.*\n$/);
    expect(await readdir(folder)).toEqual(['matrix.json']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
