// Opens a store and writes under load, with a journal. Says a byte when it opens the store, and one more for each write that was
// acknowledged. Is killed at any moment from then on; ends by itself if nobody is left to do so.
import { writeSync } from 'node:fs';
import { Journal } from '../../load/journal.ts';
import { writeUnderLoad } from '../../load/write-under-load.ts';
import { openStore } from '../../load/open-store.ts';
import { journalFile } from '../journal-file.ts';
import type { KillOrders } from '../kill-orders.ts';

const LONGEST_LIFE_MS = 60_000;

const orders = JSON.parse(process.argv[2] ?? '') as KillOrders;
let { first } = orders;
const say = (): unknown => writeSync(1, '.');
const write = journalFile(orders.journal);
const journal = new Journal((line) => {
  write(line);
  if (line[0] === 'acknowledged') say();
});
say();
const store = await openStore(orders.store);
const goOn = (): boolean => performance.now() < LONGEST_LIFE_MS;
await writeUnderLoad({ ...orders, store, journal, next: () => (first += 1), goOn });
process.exit();
