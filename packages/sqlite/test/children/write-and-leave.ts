// Writes with a thread, waits for nothing and closes nothing.
import { openSqlite } from '../../src/index.ts';

const [file = ''] = process.argv.slice(2);
const store = await openSqlite({ file, writes: 'thread' });
void store.put('/a', { body: new Uint8Array(1) }, 'absent').then(() => process.stdout.write('written'));
