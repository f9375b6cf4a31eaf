import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { makeScratch, snapshotOf } from './support/scratch.ts';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const MODULE = fileURLToPath(new URL('children/with-permissions.ts', import.meta.url));

test("what Node's permission model leaves out is ACCESS_DENIED, and a write that it denies has changed nothing", async () => {
  await using scratch = await makeScratch();
  await writeFile(join(scratch.root, 'a'), 'old');
  const granted = [`--allow-fs-read=${REPOSITORY}`, `--allow-fs-read=${scratch.root}`];
  const run = ['--permission', ...granted, MODULE, scratch.root, scratch.outside];
  const { stdout } = await promisify(execFile)(process.execPath, run);
  const why = "Node's permission model denies it (ERR_ACCESS_DENIED)";
  const denied = `ACCESS_DENIED not-applied false ${why}`;
  const refused = `ACCESS_DENIED  false ${why}`;
  expect(JSON.parse(stdout)).toEqual(['path-checks', 'old', ['a'], denied, denied, denied, refused, refused]);
  expect(await snapshotOf(scratch.base)).toEqual({ outside: 'directory', root: 'directory', 'root/a': 'old' });
});
