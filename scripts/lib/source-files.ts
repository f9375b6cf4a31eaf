import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const generated = new Set(['node_modules', 'dist', 'coverage']);

/** Every file below a folder of the workspace whose name ends so, in order: `packages/core/src/index.ts`. */
export function filesBelow(workspace: string, folder: string, ending: string): string[] {
  const absolute = join(workspace, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute, { withFileTypes: true })
    .flatMap((it) => {
      const path = `${folder}/${it.name}`;
      if (it.isDirectory()) return generated.has(it.name) ? [] : filesBelow(workspace, path, ending);
      return it.name.endsWith(ending) ? [path] : [];
    })
    .toSorted();
}

/** Whether a file is there to test others, and so is neither built nor published. */
export function isTest(file: string): boolean {
  return /\.test(-d)?\.ts$/.test(file) || file.includes('/test/');
}
