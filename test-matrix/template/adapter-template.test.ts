import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeScratchDirectory } from '@holdfast/test-support';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TEMPLATE = join(ROOT, 'examples/adapter-template');
const MINUTE = 60_000;

interface Manifest {
  readonly version: string;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

async function manifestIn(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** Where a package that the template names is in this workspace. */
function folderOf(name: string): string {
  return join(ROOT, name.startsWith('@holdfast/') ? name.replace('@holdfast', 'packages') : join('node_modules', name));
}

/** Copies the template to a place where nothing of the workspace is but what it names, as installing would have it. */
async function copyTo(project: string): Promise<void> {
  await cp(TEMPLATE, project, { recursive: true, filter: (source) => !source.includes('node_modules') });
  const { devDependencies } = await manifestIn(TEMPLATE);
  for (const name of [...Object.keys(devDependencies), '.bin']) {
    const link = join(project, 'node_modules', name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folderOf(name), link, 'dir');
  }
}

/** Runs one of its own commands and gives what it printed, which becomes the reason when it fails. */
async function run(project: string, script: string, ...args: readonly string[]): Promise<string> {
  // What the test runner around this one says to its own processes is not for another one.
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(VITEST|HOLDFAST_|NODE_ENV$|TEST$|FORCE_COLOR$)/.test(name),
  );
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  const env = { ...Object.fromEntries(inherited), PATH, NO_COLOR: '1' };
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--run', script, '--', ...args], {
      cwd: project,
      env,
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout: string; readonly stderr: string };
    return expect.fail(`${script} fails:\n${stdout}\n${stderr}`);
  }
}

describe('the template of an adapter, copied to a place of its own', () => {
  let project: string;

  beforeAll(async () => {
    const scratch = await makeScratchDirectory('adapter-template');
    project = scratch.path;
    await copyTo(project);
    return scratch.remove;
  });

  test('passes the type checker, and is built', async () => {
    await run(project, 'typecheck');
    await run(project, 'build');
    expect(await readdir(join(project, 'dist'))).toEqual(expect.arrayContaining(['index.js', 'index.d.ts']));
  });

  test('passes the whole suite under its test runner', { timeout: 3 * MINUTE }, async () => {
    expect(await run(project, 'test')).toMatch(/Tests {2}\d+ passed \(/);
  });

  test('passes without a test runner, and leaves a report', async () => {
    await run(project, 'verify', '--effort', 'quick', 'close', 'durability.killed-idle');
    const report = JSON.parse(await readFile(join(project, 'contract-report.json'), 'utf8')) as {
      readonly ok: boolean;
    };
    expect(report).toMatchObject({ ok: true, effort: 'quick', counts: { failed: 0, refused: 0 } });
  });

  test('names the packages as they are on npm', async () => {
    const { devDependencies, peerDependencies } = await manifestIn(TEMPLATE);
    const expected: Record<string, string> = {};
    for (const name of Object.keys(devDependencies))
      expected[name] = rangeOf(name, (await manifestIn(folderOf(name))).version);
    expect(devDependencies).toEqual(expected);
    expect(peerDependencies).toEqual({ '@holdfast/core': expected['@holdfast/core'] });
  });
});

/** What a package is asked for by: of ours, any patch of the minor release, which before the first one is that. */
function rangeOf(name: string, version: string): string {
  if (!name.startsWith('@holdfast/')) return `^${version}`;
  const [major = 0, minor = 0] = (version === '0.0.0' ? '0.1.0' : version).split('.');
  return `^${major}.${minor}.0`;
}
