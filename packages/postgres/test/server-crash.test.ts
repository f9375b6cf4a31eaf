import { isHoldfastError } from '@holdfast/core';
import { startPostgres } from '@holdfast/test-servers';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';

const rounds = process.env['HOLDFAST_LONG'] === '1' ? 20 : 3;

test(`what was acknowledged is there after the server was killed and came back, ${rounds} times, and the store goes on`, async () => {
  await using server = await startPostgres({ only: 'binary' });
  await using store = await openPostgres({ config: { connectionString: server.url } });
  const acknowledged: string[] = [];
  const failures = new Set<string>();
  let going = true;

  async function write(writer: number): Promise<void> {
    for (let number = 0; going; number += 1) {
      const path = `/written/${writer}/${number}`;
      try {
        await store.put(path, { body: new TextEncoder().encode(path.repeat(20)) }, 'absent', { timeoutMs: 2000 });
        acknowledged.push(path);
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
        failures.add(`${error.code} ${error.outcome}`);
        // While the server is away, every call fails at once.
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
  }

  const writers = Array.from({ length: 8 }, (_, writer) => write(writer));
  for (let round = 0; round < rounds; round += 1) {
    const before = acknowledged.length;
    await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before + 100);
    await server.kill();
    await server.start();
  }
  const before = acknowledged.length;
  await expect.poll(() => acknowledged.length, { timeout: 20_000 }).toBeGreaterThan(before);
  going = false;
  await Promise.all(writers);

  for (const path of acknowledged) {
    const found = await store.get(path);
    expect(new TextDecoder().decode(found?.body)).toBe(path.repeat(20));
  }
  const typed = /^(?:(?:OUTCOME_UNKNOWN|TIMEOUT) unknown|(?:TIMEOUT|UNAVAILABLE|BUSY) not-applied)$/;
  for (const failure of failures) expect(failure).toMatch(typed);
  expect(failures.size).toBeGreaterThan(0);
});
