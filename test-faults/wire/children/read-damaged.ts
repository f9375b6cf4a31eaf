import { setTimeout as pause } from 'node:timers/promises';
import { FaultProxy, type WireEffect, type WireRule } from '@holdfast/contract';
import { commit, getMany, isHoldfastError } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { WIRE_BACKENDS, type Store, type WireBackend } from '../backends.ts';
import { seededRandom } from '../seeded-random.ts';

/** What a process has seen whose server says things that were damaged on the way. */
export interface Damages {
  readonly damages: number;
  readonly answered: number;
  /** The code of each failure, and how often. */
  readonly failures: Readonly<Record<string, number>>;
  /** What is no error of ours, and calls that did not end. */
  readonly odd: readonly string[];
}

/** How long a call may take, in milliseconds. */
const TIMEOUT_MS = 300;
/** What is more than any call has, in milliseconds. */
const HANGS_MS = 10_000;
/** How many stores are used at once, each behind a proxy of its own. */
const LANES = 4;
/** How many times a store is used: then another is opened, whose connections are new. */
const STORE_LASTS = 8;

const [name = '', wanted = '', seed = ''] = process.argv.slice(2);
const random = seededRandom(Number(seed));
const [backend] = WIRE_BACKENDS.filter((each) => each.name === name) as [WireBackend];
const place = backend.place();

const counts = { damages: 0, answered: 0, failures: {} as Record<string, number>, odd: [] as string[] };

async function heard(call: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const hangs = pause(HANGS_MS, 'hangs', { signal: over.signal });
  hangs.catch(() => {});
  const ended = call.then(
    () => void (counts.answered += 1),
    (error: unknown) => {
      if (!isHoldfastError(error)) counts.odd.push(String(error));
      else counts.failures[error.code] = (counts.failures[error.code] ?? 0) + 1;
    },
  );
  if ((await Promise.race([ended, hangs])) === 'hangs') counts.odd.push('a call that did not end');
  over.abort();
}

/** Some bytes changed, what is said twice, what ends in its middle, and the rest of it missing. */
function damage(upTo: number): WireRule {
  const draw = random();
  const bits = random() < 0.3 ? 0xff : 2 ** Math.floor(random() * 8);
  let effect: WireEffect = { xor: bits };
  if (draw > 0.9) effect = 'drop';
  else if (draw > 0.8) effect = 'end';
  else if (draw > 0.6) effect = { repeat: 1 + Math.floor(random() * (random() < 0.5 ? 4 : 400)) };
  const at = { byte: 1 + Math.floor(random() * upTo) };
  return { on: 'replies', effect, at };
}

async function use(store: Store, round: string): Promise<void> {
  const options = { timeoutMs: TIMEOUT_MS };
  const entry = { body: Buffer.alloc(200, 'body') };
  const changes = ['x', 'y'].map((last) => ({ put: `/commits/${round}/${last}`, entry, expectation: 'any' }) as const);
  await Promise.all([
    ...[0, 1, 2].map((each) => heard(store.put(`/puts/${round}-${each}`, entry, 'absent', options))),
    heard(store.get('/kept/1', options)),
    heard(getMany(store, ['/kept/1', '/kept/2', '/missing'], options)),
    heard(store.list('/kept', options)),
    heard(store.entries('/kept', options).next()),
    heard(store.delete('/kept/3', 'any', options)),
    heard(commit(store, changes, options)),
  ]);
}

/** Opens stores one after the other and uses each, until there was enough damage. */
async function read(lane: number): Promise<void> {
  await using proxy = await FaultProxy.start({ target: backend.url() });
  let usual = 4000;
  for (let round = 0; counts.damages < Number(wanted);) {
    await using store = await place.open((url) => proxy.through(url));
    for (const end = round + STORE_LASTS; round < end; round += 1) {
      const before = proxy.counts.replyBytes;
      const fault = proxy.add(damage(usual));
      await use(store, `${lane}-${round}`);
      usual = Math.max(400, 0.8 * usual + 0.2 * (proxy.counts.replyBytes - before));
      counts.damages += fault.applied;
      proxy.clear();
    }
  }
  // It is well again.
  await using fresh = await place.open((url) => proxy.through(url));
  await fresh.get('/kept/1');
}

await sayAndWait('ready');
{
  await using direct = await place.open();
  for (const each of [1, 2, 3]) await direct.put(`/kept/${each}`, { body: Buffer.alloc(1000, 'kept') }, 'any');
  await Promise.all(Array.from({ length: LANES }, (_, lane) => read(lane)));
}
await place.remove();
await say(counts);
process.disconnect();
