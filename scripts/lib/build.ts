import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../toolchain/lock.mjs';
import { root } from '../toolchain/root.mjs';
import { run } from '../toolchain/run.mjs';
import { publishedPackages } from './workspace.ts';

/**
 * Compiles every package into its dist/, and with `tests` also type-checks everything else. Resolves with the
 * exit code of the compiler. Standard output stays clean: diagnostics go to standard error.
 */
export async function build({ tests = false } = {}): Promise<number> {
  return withLock('build', async () => {
    for (const { folder } of publishedPackages()) removeOrphans(join(root, folder));
    return run('tsc', ['--build', tests ? 'tsconfig.json' : 'tsconfig.build.json'], { stdio: ['ignore', 2, 2] });
  });
}

/** Removes what an earlier build made of a source that is gone; the compiler never does, and it would be published. */
export function removeOrphans(packageFolder: string): void {
  const dist = join(packageFolder, 'dist');
  if (!existsSync(dist)) return;
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const source = /^(?<stem>.+?)\.(js|d\.ts)(\.map)?$/.exec(file)?.groups?.['stem'];
    if (source === undefined) continue;
    if (!existsSync(join(packageFolder, 'src', `${source}.ts`))) rmSync(join(dist, file));
  }
}
