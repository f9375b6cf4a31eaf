import { getMany } from '@holdfast/core';
import { alternate } from '../measure/alternate.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { turnOf } from '../measure/effort.ts';
import type { OurStore } from '../ours/our-store.ts';
import { ourPostgres } from '../ours/postgres.ts';
import { ourSqlite } from '../ours/sqlite.ts';
import { pgBatches } from '../peers/pg-batches.ts';
import { sqliteBatches } from '../peers/sqlite-batches.ts';
import { COUNTERS, FIRST, keyOf } from '../records/counter.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';
import type { ServerName, Servers } from '../run/servers.ts';

/** How many records one call puts or gets. */
const MANY = 100;

/** How many bodies differ, so that what is stored at the end tells whether the last put was made. */
const DIFFERENT_BODIES = 7;

const PATHS: readonly string[] = Array.from({ length: MANY }, (_, number) => keyOf(number));

/** What both sides do with many records. */
export interface Batches extends AsyncDisposable {
  readonly name: string;
  readonly durability: string;
  /** Puts these bodies, one for each path, whatever is there. */
  readonly put: (paths: readonly string[], body: Uint8Array) => Promise<unknown>;
  /** The bodies at these paths, in any order. */
  readonly get: (paths: readonly string[]) => Promise<readonly Uint8Array[]>;
}

interface Sides {
  readonly server?: ServerName;
  readonly ours: (servers: Servers) => Promise<OurStore>;
  readonly peer: (servers: Servers) => Promise<Batches>;
}

const ON: Readonly<Record<'sqlite' | 'postgres', Sides>> = {
  sqlite: { ours: ourSqlite, peer: sqliteBatches },
  postgres: {
    server: 'postgres',
    ours: (servers) => ourPostgres(servers.postgresUrl()),
    peer: (servers) => pgBatches(servers.postgresUrl()),
  },
};

/** Many independent writes, or reads, that a program has at once. */
export const MANY_GROUP: Group = {
  title: `${MANY} independent puts at once (puts a second), and getMany of ${MANY} (calls a second), beside the driver by hand`,
  benchmarks: [
    many('sqlite-puts-100', ON.sqlite, 'put'),
    many('postgres-puts-100', ON.postgres, 'put'),
    many('get-many-100-sqlite', ON.sqlite, 'get'),
    many('get-many-100-postgres', ON.postgres, 'get'),
  ],
};

function many(id: string, { server, ours, peer }: Sides, what: 'put' | 'get'): Benchmark {
  return {
    ids: [id],
    ...(server && { server }),
    async measure(_ids, { servers, effort, note }: Context) {
      await using theirs = await peer(servers);
      await using mine = batchesOf(await ours(servers));
      const bodies = { [mine.name]: await bodyOf(0), [theirs.name]: await bodyOf(0) };
      const batches = await Promise.all(Array.from({ length: DIFFERENT_BODIES }, (_, number) => bodyOf(number)));
      let made = 0;
      const call = async (side: Batches): Promise<void> => {
        if (what === 'get') return has(side, (await side.get(PATHS)).length);
        const body = batches[(made += 1) % DIFFERENT_BODIES] as Uint8Array;
        bodies[side.name] = body;
        await side.put(PATHS, body);
      };
      for (const side of [mine, theirs]) {
        note(`${side.name}: ${side.durability}`);
        await side.put(PATHS, bodies[side.name] as Uint8Array);
      }
      const measured = (side: Batches) => async () => {
        const calls = await closedLoop(1, turnOf(effort), () => call(side));
        return what === 'put' ? calls * MANY : calls;
      };
      const rounds = await alternate({ ours: measured(mine), peer: measured(theirs) }, effort);
      for (const side of [mine, theirs]) {
        const stored = await side.get(PATHS);
        has(side, stored.filter((it) => Buffer.compare(it, bodies[side.name] as Uint8Array) === 0).length);
      }
      return [{ id, unit: 'per second', ...rounds }];
    },
  };
}

async function bodyOf(number: number): Promise<Uint8Array> {
  return (await COUNTERS.encode({ ...FIRST, count: FIRST.count + number })).body;
}

function has({ name }: Batches, entries: number): void {
  if (entries !== MANY) throw new Error(`${name} has ${entries} of ${MANY} entries`);
}

function batchesOf({ name, filesystem, [Symbol.asyncDispose]: dispose }: OurStore): Batches {
  return {
    name,
    durability: filesystem.capabilitiesAt('/').durability,
    put: (paths, body) => Promise.all(paths.map((path) => filesystem.put(path, { body }, 'any'))),
    get: async (paths) => (await getMany(filesystem, paths)).flatMap((it) => it?.body ?? []),
    [Symbol.asyncDispose]: dispose,
  };
}
