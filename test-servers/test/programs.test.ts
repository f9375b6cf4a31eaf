import { chmod, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeDataFolder } from '../src/process/data-folder.ts';
import { installedFolder, runnablePrograms } from '../src/postgres/programs.ts';
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
  const attempt = runnablePrograms({ installed: nowhere, folder: temporary.path, user: undefined });
  await expect(attempt).rejects.toThrow(/does not run here \(spawnSync .* ENOENT\)\. Run `npm run setup` again/);
});
