// Opens a store and writes under load, with a journal. Says a byte when it opens the store, and one more for each write that was
// acknowledged. Is killed at any moment from then on; ends by itself if nobody is left to do so.
import { writeSync } from 'node:fs';
import { Journal } from '../load/journal.ts';
import { writeUnderLoad } from '../load/write-under-load.ts';
import { openStore } from '../open-store.ts';
import type { WriteOrders } from '../write-orders.ts';

const LONGEST_LIFE_MS = 60_000;

const orders = JSON.parse(process.argv[2] ?? '') as WriteOrders;
let { first } = orders;
const say = (): unknown => writeSync(1, '.');
const journal = new Journal(orders.journal, say);
say();
const store = await openStore(orders.store);
const goOn = (): boolean => performance.now() < LONGEST_LIFE_MS;
await writeUnderLoad({ ...orders, store, journal, next: () => (first += 1), goOn });
process.exit();
