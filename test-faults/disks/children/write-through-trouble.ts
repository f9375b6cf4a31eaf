// Writes under load while there is trouble and after it, again and again, and says what became of it as one line of JSON.
import { writeSync } from 'node:fs';
import { isHoldfastError } from '@holdfast/core';
import { checkLane, type Problems } from '../../check/check-lane.ts';
import { checkService } from '../../check/check-service.ts';
import { inspect } from '../../check/inspect.ts';
import { Told } from '../../check/told.ts';
import { Journal } from '../../load/journal.ts';
import { openStore } from '../../load/open-store.ts';
import { writeUnderLoad } from '../../load/write-under-load.ts';
import type { TroubleOrders, TroubleTold } from '../trouble-orders.ts';
import { fullDisk } from '../troubles/full-disk.ts';
import { noDescriptors } from '../troubles/no-descriptors.ts';
import { readOnly } from '../troubles/read-only.ts';
import { shortFiles } from '../troubles/short-files.ts';

/** How many writes are begun before there is trouble, meanwhile at least, until so many have failed, and after it. */
const WRITES = { before: 60, meanwhile: 100, failing: 40, most: 400, after: 60 };

/** When it ends by itself, in milliseconds, if nobody is left to do so. */
const LONGEST_LIFE_MS = 900_000;
setTimeout(() => process.exit(1), LONGEST_LIFE_MS).unref();

const LANE = { prefix: '', lane: 0 };

const orders = JSON.parse(process.argv[2] ?? '') as TroubleOrders;
const trouble = {
  'full-disk': fullDisk,
  'short-files': shortFiles,
  'no-descriptors': noDescriptors,
  'read-only': readOnly,
}[orders.trouble](orders.directory);

const told = new Told();
const problems: Problems = { lost: [], fromNowhere: [], half: [], torn: [] };
const wrong: string[] = [];
const errors: Record<string, number> = {};
const counts = { begun: 0, acknowledged: 0, refused: 0, unknown: 0, elseRefused: 0 };
let first = 0;

const journal = new Journal((line) => {
  told.hear([line]);
  if (line[0] === 'begun') counts.begun += 1;
  else if (line[0] === 'acknowledged') counts.acknowledged += 1;
  else if (line[4] === undefined) wrong.push(`an error that is none of ours: ${line[3]}`);
  else note(line[4] === 'unknown' ? 'unknown' : 'refused', `${line[3]} ${line[4]}`);
});

function note(count: 'refused' | 'unknown' | 'elseRefused', error: string): void {
  counts[count] += 1;
  errors[error] = (errors[error] ?? 0) + 1;
}

const failed = (): number => counts.refused + counts.unknown;

async function write(goOn: () => boolean): Promise<void> {
  await writeUnderLoad({ ...LANE, store, journal, next: () => (first += 1), goOn });
}

/** Does something that may fail while there is trouble, with an error of ours. */
async function attempt(what: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (isHoldfastError(error)) note('elseRefused', `${what} ${error.code}`);
    else wrong.push(`${what}: an error that is none of ours: ${String(error)}`);
  }
}

async function reopen(): Promise<void> {
  await store.close();
  store = await openStore(orders.store);
}

let store = await openStore(orders.store);
for (let time = 0; time < orders.times; time += 1) {
  const before = counts.begun;
  await write(() => counts.begun < before + WRITES.before);
  const [begun, failures] = [counts.begun, failed()];
  trouble.begin();
  await write(() => {
    const made = counts.begun - begun;
    return made < WRITES.meanwhile || (made < WRITES.most && failed() < failures + WRITES.failing);
  });
  await attempt('read', () => checkLane(store, { ...LANE, told }, problems));
  await attempt('open', async () => (await openStore(orders.store)).close());
  trouble.end();
  try {
    await checkService(store, { ...LANE, prefix: `/service-${time}` });
    const [after, never] = [counts.begun, failed()];
    await checkLane(store, { ...LANE, told }, problems);
    await write(() => counts.begun < after + WRITES.after);
    if (failed() > never) wrong.push(`${failed() - never} writes failed after the trouble`);
  } catch (error) {
    wrong.push(`no service after the trouble: ${String(error)}`);
  }
  // Now and then all that was kept in memory is gone.
  if (time % 2 === 1) {
    await reopen();
    await checkLane(store, { ...LANE, told }, problems);
  }
}
await store.close();
wrong.push(...(await inspect(orders.store)));
const { lost, ...others } = problems;
const all = {
  ...counts,
  times: orders.times,
  errors,
  lost: lost.length,
  wrong: [...wrong, ...lost, ...Object.values(others).flat()],
};
writeSync(1, JSON.stringify(all satisfies TroubleTold));
process.exit();
