// Adds to one counter through `casUpdate`, with many writers at once and default options.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CasApply, casUpdate, isHoldfastError, jsonCodec } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { openSqlite } from '../../src/index.ts';

const [file = '', writers, updates, kind] = process.argv.slice(2);
const counters = jsonCodec<{ count: number }>({ kind: 'counter' });
const store = await openSqlite({ file });
const attempts: number[] = [];
const failures: string[] = [];

async function write(): Promise<void> {
  for (let update = 0; update < Number(updates); update += 1) {
    try {
      const result = await casUpdate(store, '/hot', counters, async (current) => {
        if (kind === 'slow') await nextTurn();
        return CasApply.write({ count: (current?.count ?? 0) + 1 });
      });
      attempts.push(result.attempts);
    } catch (error) {
      failures.push(isHoldfastError(error) ? error.code : String(error));
    }
  }
}

await sayAndWait('ready');
await Promise.all(Array.from({ length: Number(writers) }, write));
await store.close();
await say({ attempts, failures });
process.disconnect();
