import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openMyStore } from '../src/index.ts';

// What the suite cannot bring about, since only this backend fails so.
describe('what the backend refuses', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'my-store-'));
  });

  afterEach(() => rm(directory, { recursive: true }));

  it('is UNAVAILABLE where the file cannot be opened, and its name stays here', async () => {
    const failure: unknown = await openMyStore({ file: directory }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE' });
    expect(String(failure)).not.toContain(directory);
  });

  it('is CORRUPT where the file is no database', async () => {
    const file = join(directory, 'store.db');
    await writeFile(file, 'something else, and longer than the header of a database: '.repeat(20));
    await expect(openMyStore({ file })).rejects.toMatchObject({ code: 'CORRUPT' });
  });
});
