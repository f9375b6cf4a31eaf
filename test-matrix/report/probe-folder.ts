import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a folder if need be, and writes a file into it that it removes again: who is to write there after a long run
 * should know before it.
 *
 * @throws Error of the file system when either cannot be done
 */
export async function probeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const probe = join(folder, `.probe-${randomBytes(6).toString('hex')}`);
  try {
    await writeFile(probe, 'x');
  } finally {
    await rm(probe, { force: true });
  }
}
