// Writes with a thread, does not wait for it, and closes nothing.
import { say, sayAndWait } from '@holdfast/test-support';
import { openSqlite } from '../../src/index.ts';

const [file = ''] = process.argv.slice(2);
const store = await openSqlite({ file, writes: 'thread' });
await sayAndWait('ready');
void store.put('/a', { body: new Uint8Array(1) }, 'absent').then(async () => {
  await say('written');
  process.disconnect();
});
