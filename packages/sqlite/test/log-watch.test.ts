import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { expect, test, vi } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { makeScratch } from './support/scratch.ts';

// Where a file is asked for its times, the next sync of it is twice as dear.
test.runIf(process.platform === 'linux')('no write asks the file system for the write-ahead log', async () => {
  await using scratch = await makeScratch();
  await using store = await openSqlite({ file: scratch.file });
  const asked = vi.spyOn(fs, 'statSync');
  syncBuiltinESMExports();
  try {
    for (let round = 0; round < 20; round += 1) await store.put('/a', { body: Uint8Array.of(round) }, 'any');
    expect(asked).not.toHaveBeenCalled();
  } finally {
    asked.mockRestore();
    syncBuiltinESMExports();
  }
});
