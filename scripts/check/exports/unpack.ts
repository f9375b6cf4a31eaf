import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../toolchain/run.mjs';

/** Unpacks the tarball of a package into a project, as installing would. Resolves with the folder. */
export async function unpack(tarball: string, name: string, project: string): Promise<string> {
  const folder = join(project, 'node_modules', name);
  mkdirSync(folder, { recursive: true });
  const code = await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=1']);
  if (code !== 0) throw new Error(`${tarball} could not be unpacked (exit code ${code})`);
  return folder;
}
