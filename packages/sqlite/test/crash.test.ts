import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { openSqlite } from '../src/index.ts';
import { openRaw } from './support/raw-database.ts';
import { makeScratch } from './support/scratch.ts';

const writeForever = new URL('children/write-forever.ts', import.meta.url);

test('of a process killed while it writes, one by one or many together, on a thread or without one, everything acknowledged is there and nothing is half there', async () => {
  await using scratch = await makeScratch();
  const acknowledged: number[] = [];
  for (let kills = 0; kills < 6; kills += 1) {
    const writes = kills < 3 ? 'event-loop' : 'thread';
    await using child = await startChild(writeForever, scratch.file, kills * 100_000, kills % 2 === 0 ? 16 : 1, writes);
    const enough = new Promise<void>((resolve) => {
      let heard = 0;
      child.onSaid((number) => {
        acknowledged.push(number as number);
        heard += 1;
        if (heard === 40 + kills) resolve();
      });
    });
    await child.tell();
    await enough;
    await child.kill();
  }
  await using store = await openSqlite({ file: scratch.file });
  const found = new Set<number>();
  for await (const { path, body } of store.entries('/written')) {
    const number = Number(path.slice('/written/'.length));
    expect(body).toEqual(new Uint8Array(9000).fill(number % 256));
    found.add(number);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(200);
  for (const number of acknowledged) expect(found).toContain(number);
  using raw = await openRaw(scratch.file);
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok');
});
