import { EventEmitter } from 'node:events';
import { CasApply, casUpdate, jsonCodec } from '@holdfast/core';
import { NO_DEADLINE } from '@holdfast/sql';
import { requests } from '@holdfast/test-support';
import pg from 'pg';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { Checkouts } from '../src/checkouts.ts';
import { makeScratchSchema } from './support/scratch-schema.ts';

const CALLS = 200;
const counters = jsonCodec<number>({ kind: 'counter' });

test('every statement is given to the driver in the async context of its call', async () => {
  const { all, saw, misplaced } = requests();
  await using scratch = makeScratchSchema();
  const { connectionString, schema } = scratch;
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const query = this.query.bind(this) as (...args: unknown[]) => unknown;
      const watched = (...args: unknown[]): unknown => {
        saw('a statement', args[0]);
        return query(...args);
      };
      Object.assign(this, { query: watched });
    }
  }
  const pool = new pg.Pool({ connectionString, Client, max: 4 });
  await using store = await openPostgres({ pool, schema });
  const work = all(CALLS, async (path) => {
    await store.get(path);
    saw('what follows', path);
    await store.put(path, { body: new Uint8Array(9) }, 'absent');
    await store.delete(path, 'any');
    await casUpdate(store, `${path}/own`, counters, (count = 0) => {
      saw('apply', path);
      return CasApply.write(count + 1);
    });
    saw('what follows', path);
  });
  // Somebody else's, which take turns with ours in the pool itself and give their connections to ours.
  const others = Array.from({ length: CALLS }, () => pool.query('select 1'));
  await Promise.all([work, ...others]);
  await store.close();
  await pool.end();
  expect(misplaced).toEqual([]);
});

test('a connection is greeted in the async context of the call that waits for it, whoever hands it over', async () => {
  const { all, saw, misplaced } = requests();
  const handOver: (() => void)[] = [];
  const pool = Object.assign(new EventEmitter(), {
    options: { max: CALLS },
    ending: false,
    connect: (answer: (error: undefined, client: unknown) => void) => {
      const client = Object.assign(new EventEmitter(), { release: () => {}, getTransactionStatus: () => 'I' });
      handOver.push(() => answer(undefined, client));
    },
  });
  let greeted = 0;
  const checkouts = new Checkouts({
    pool: pool as unknown as pg.Pool,
    timeoutMs: 10_000,
    greet: async () => saw('a greeting', `/r${greeted++}`),
  });
  const work = all(CALLS, (path) => checkouts.run(NO_DEADLINE, async () => saw('what follows', path)));
  while (handOver.length < CALLS) await new Promise((resolve) => setImmediate(resolve));
  for (const next of handOver) next();
  await work;
  checkouts.unwatch();
  expect(misplaced).toEqual([]);
});
