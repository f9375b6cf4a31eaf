import { execFileSync } from 'node:child_process';
import type { User } from '../process/data-folder.ts';
import { reasonOf, ServerError } from '../server-error.ts';

/**
 * Whom PostgreSQL runs as, since it refuses to run as root: `nobody`, whom every system has, so that no user need be
 * made. `undefined` if this process is not root.
 */
export function unprivilegedUser(): User | undefined {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
  } catch (thrown) {
    throw new ServerError(
      `PostgreSQL does not run as root, and there is no user \`nobody\` to run it as (${reasonOf(thrown)}). Run the ` +
        'tests as another user, start Docker, or set HOLDFAST_POSTGRES_URL.',
    );
  }
}
