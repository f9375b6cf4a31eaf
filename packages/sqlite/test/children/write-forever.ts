// Lets so many writers write entries of two pages each, and says the number of each entry once it is acknowledged.
// Ends by being killed.
import { say, sayAndWait } from '@holdfast/test-support';
import { openSqlite, type SqliteWrites } from '../../src/index.ts';

const [file = '', first, writers, writes] = process.argv.slice(2);
const store = await openSqlite({ file, writes: writes as SqliteWrites });
await sayAndWait('ready');
let next = Number(first);
const writeForever = async (): Promise<never> => {
  for (;;) {
    const number = next;
    next += 1;
    await store.put(`/written/${number}`, { body: new Uint8Array(9000).fill(number % 256) }, 'absent');
    await say(number);
  }
};
await Promise.all(Array.from({ length: Number(writers) }, writeForever));
