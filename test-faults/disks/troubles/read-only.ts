import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Trouble } from './trouble.ts';

/**
 * The files and directories of a store may not be written, as far as they are there. The process must not be one of a
 * superuser.
 */
export function readOnly(directory: string): Trouble {
  const allow = (write: boolean): void => {
    for (const { path, isDirectory } of below(directory)) {
      if (isDirectory) chmodSync(path, write ? 0o755 : 0o555);
      else chmodSync(path, write ? 0o644 : 0o444);
    }
  };
  return { begin: () => allow(false), end: () => allow(true) };
}

function below(directory: string): readonly { readonly path: string; readonly isDirectory: boolean }[] {
  const inside = readdirSync(directory, { recursive: true, withFileTypes: true }).map((each) => ({
    path: join(each.parentPath, each.name),
    isDirectory: each.isDirectory(),
  }));
  return [{ path: directory, isDirectory: true }, ...inside];
}
