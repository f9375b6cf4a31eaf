import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/**
 * Makes a folder of its own what the test takes for the folder of temporary files, so that what is left in it is
 * known to be the test's. It is removed at the end of the scope; the variable is put back after the test.
 */
export function ownTemporaryFolder(): Disposable & { readonly path: string; contents(): string[] } {
  const path = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  // Started by root, PostgreSQL runs as somebody else, who must get to its data.
  chmodSync(path, 0o755);
  vi.stubEnv('TMPDIR', path);
  return {
    path,
    contents: () => readdirSync(path),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}
