// Does what it is told on the stores that it is told, and tells what came of it, until it is killed.
import type { RootFilesystem } from '@holdfast/core';
import { sayAndWait } from '@holdfast/test-support';
import { openStore } from '../open-store.ts';
import { doWork } from '../work.ts';
import type { Order, Reply } from '../worker.ts';

const opened = new Map<string, Promise<RootFilesystem>>();

async function replyTo({ place, work }: Order): Promise<Reply> {
  const name = JSON.stringify(place);
  let instance = opened.get(name);
  if (instance === undefined) {
    instance = openStore(place);
    opened.set(name, instance);
  }
  const filesystem = await instance;
  return { report: work === undefined ? undefined : await doWork(work, [filesystem]) };
}

process.once('disconnect', () => process.exit());
let order = (await sayAndWait('ready')) as Order;
for (;;) {
  const reply = await replyTo(order).catch((error: unknown): Reply => ({ failed: String(error) }));
  order = (await sayAndWait(reply)) as Order;
}
