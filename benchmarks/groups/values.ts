import { readRecord } from '@holdfast/core';
import { alternate } from '../measure/alternate.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { turnOf } from '../measure/effort.ts';
import type { OurStore } from '../ours/our-store.ts';
import { ourPostgres } from '../ours/postgres.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { keyvPostgres } from '../peers/keyv.ts';
import { unstorage } from '../peers/unstorage.ts';
import type { ValueStore } from '../peers/value-store.ts';
import { COUNTERS, countedUp, FIRST, keyOf, type Counter } from '../records/counter.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';
import type { ServerName, Servers } from '../run/servers.ts';

const CALLERS = 64;

/** Gets and sets of records without any expectation, beside libraries that do no more. */
export const VALUE_GROUP: Group = {
  title: `Libraries without compare-and-swap: gets and sets a second of ${CALLERS} callers, each with a record of its own`,
  benchmarks: [
    ...values('peer-unstorage', undefined, unstorage, ourSqlite),
    ...values(
      'peer-keyv-postgres',
      'postgres',
      (servers) => keyvPostgres(servers.postgresUrl()),
      (servers) => ourPostgres(servers.postgresUrl()),
    ),
  ],
};

function values(
  name: string,
  server: ServerName | undefined,
  openPeer: (servers: Servers) => Promise<ValueStore>,
  openOurs: (servers: Servers) => Promise<OurStore>,
): readonly Benchmark[] {
  return (['get', 'set'] as const).map((what) => ({
    ids: [`${name}-${what}`],
    ...(server && { server }),
    async measure([id = ''], { servers, effort, note }: Context) {
      await using peer = await openPeer(servers);
      await using ours = valuesOf(await openOurs(servers));
      for (const store of [ours, peer]) note(`${store.name}: ${store.durability}`);
      const rounds = await alternate(
        {
          ours: await perSecond(ours, what, turnOf(effort)),
          peer: await perSecond(peer, what, turnOf(effort)),
        },
        effort,
      );
      return [{ id, unit: 'per second', ...rounds }];
    },
  }));
}

async function perSecond(store: ValueStore, what: 'get' | 'set', turn: number): Promise<() => Promise<number>> {
  const last: Counter[] = Array.from({ length: CALLERS }, () => FIRST);
  const get = async (caller: number): Promise<void> => {
    const found = await store.get(keyOf(caller));
    if (found?.count !== last[caller]?.count) throw new Error(`${store.name} does not have what was set`);
  };
  const set = async (caller: number): Promise<void> => {
    // Another value each time: SQLite writes nothing, and syncs nothing, when a row stays what it was.
    const next = countedUp(last[caller] ?? FIRST);
    await store.set(keyOf(caller), next);
    last[caller] = next;
  };
  const callers = [...last.keys()];
  for (const caller of callers) await set(caller);
  return async () => {
    const calls = await closedLoop(CALLERS, turn, what === 'get' ? get : set);
    for (const caller of callers) await get(caller);
    return calls;
  };
}

function valuesOf({ name, filesystem, [Symbol.asyncDispose]: dispose }: OurStore): ValueStore {
  return {
    name,
    durability: filesystem.capabilitiesAt('/').durability,
    get: async (key) => (await readRecord(filesystem, key, COUNTERS))?.value,
    set: async (key, value) => filesystem.put(key, await COUNTERS.encode(value), 'any'),
    [Symbol.asyncDispose]: dispose,
  };
}
