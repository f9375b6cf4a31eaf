// Is bundled. Writes with a thread if there can be one, and says what became of that.
import { openSqlite } from '@holdfast/sqlite';

let threads = 0;
let warnings = 0;
process.on('worker', (worker) => worker.once('exit', (code) => (threads += code === 0 ? 1 : 0)));
process.on('warning', ({ code }: NodeJS.ErrnoException) => (warnings += code === 'HOLDFAST_NO_THREAD' ? 1 : 0));

const body = new Uint8Array(5);
let written = 0;
for (const name of ['a', 'b']) {
  const store = await openSqlite({ file: `${process.argv[2]}/${name}.db`, writes: 'thread' });
  await Promise.all([store.put('/a', { body }, 'absent'), store.put('/b', { body }, 'absent')]);
  written += (await store.list('/')).children.length;
  await store.close();
}
process.stdout.write(JSON.stringify({ threads, warnings, written }));
