import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const CACHE = fileURLToPath(new URL('../node_modules/.cache/children/', import.meta.url));

/** What has native code, or is loaded by name. */
const NOT_INSIDE = ['better-sqlite3', '@libsql/client', 'pg', 'pg-native'];

/**
 * Makes one file of a module and of all that it imports but drivers, for a process that is started hundreds of times: to find,
 * read and strip two hundred files is most of what such a process costs. What it imports dynamically is in files beside it.
 *
 * @param name tells the bundles of test files apart that run at once
 * @returns the path of the file
 */
export async function bundleChild(module: URL, name: string): Promise<string> {
  const input = fileURLToPath(module);
  const dir = join(CACHE, name);
  const bundle = await rolldown({ input, platform: 'node', external: NOT_INSIDE, logLevel: 'silent' });
  await bundle.write({ dir, entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  await bundle.close();
  return join(dir, `${basename(input, '.ts')}.mjs`);
}
