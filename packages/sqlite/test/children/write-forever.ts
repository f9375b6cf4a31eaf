// Writes entries of two pages each, one after the other, and says the number of each once it is acknowledged.
// Ends by being killed.
import { say, sayAndWait } from '@holdfast/test-support';
import { openSqlite } from '../../src/index.ts';

const [file = '', first] = process.argv.slice(2);
const store = await openSqlite({ file });
await sayAndWait('ready');
for (let number = Number(first); ; number += 1) {
  await store.put(`/written/${number}`, { body: new Uint8Array(9000).fill(number % 256) }, 'absent');
  await say(number);
}
