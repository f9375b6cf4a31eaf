import { CasApply, casUpdate, isHoldfastError, jsonCodec } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { startProxy } from './support/proxy.ts';
import { refusal } from './support/rejection.ts';
import { lockRow } from './support/row-lock.ts';
import { killConnections, makeScratchSchema } from './support/scratch-schema.ts';

const long = process.env['HOLDFAST_LONG'] === '1';
const entry = { body: new Uint8Array([1]) };
const counters = jsonCodec<{ writers: readonly number[] }>({ kind: 'counter' });

test('a write whose connection is ended while it waits is sent again, and lands once', async () => {
  await using scratch = makeScratchSchema();
  const { connectionString, schema, name } = scratch;
  await using store = await openPostgres({ config: { connectionString, application_name: name }, schema });
  const { version } = await store.put('/a', entry, 'absent');
  await using lock = await lockRow(schema, '/a');
  const writing = store.put('/a', { body: new Uint8Array([2]) }, { version });
  await lock.waitedForBy(1);
  await killConnections(name);
  // The write that was read back and sent again waits for the same row.
  await lock.waitedForBy(1);
  await lock.release();
  const written = await writing;
  expect(await store.get('/a')).toMatchObject({ body: new Uint8Array([2]), version: written.version });
});

test.each(['put', 'delete'] as const)(
  'a %s that landed and whose answer is lost is found by reading back',
  async (kind) => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema } = scratch;
    await using proxy = await startProxy();
    await using direct = await openPostgres({ config: { connectionString }, schema });
    await using store = await openPostgres({ config: { connectionString: proxy.connectionString }, schema });
    const { version } = await store.put('/a', entry, 'absent');
    proxy.swallowAnswers();
    const body = new Uint8Array([2]);
    const mutating = kind === 'put' ? store.put('/a', { body }, { version }) : refusal(store.delete('/a', { version }));
    // Only once it has landed is its connection cut.
    await expect.poll(async () => (await direct.get('/a'))?.version).not.toBe(version);
    proxy.cut();
    if (kind === 'put') expect(await direct.get('/a')).toMatchObject({ body, ...((await mutating) as object) });
    // Nothing is left to recognise a delete by.
    else expect(await mutating).toBe('OUTCOME_UNKNOWN unknown');
  },
);

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const kills = long ? 200 : 50;

test(
  `64 writers of one key go on while every connection is ended ${kills} times: nothing is applied twice or lost`,
  async () => {
    await using scratch = makeScratchSchema();
    const { connectionString, schema, name } = scratch;
    await using store = await openPostgres({ config: { connectionString, application_name: name }, schema });
    await using witness = await openPostgres({ config: { connectionString }, schema });
    const failures = new Set<string>();
    // Of each writer: how many of its updates were acknowledged, and of how many nobody could tell.
    const acknowledged = Array<number>(64).fill(0);
    const unknown = Array<number>(64).fill(0);
    let going = true;

    async function write(writer: number): Promise<void> {
      while (going) {
        try {
          // Half of them share their writes.
          const options = { combine: writer % 2 === 0 };
          const add = (current: { readonly writers: readonly number[] } | undefined) => {
            const { writers } = current ?? { writers: Array<number>(64).fill(0) };
            return CasApply.write({ writers: writers.with(writer, (writers[writer] ?? 0) + 1) });
          };
          await casUpdate(store, '/hot', counters, add, options);
          acknowledged[writer] = (acknowledged[writer] ?? 0) + 1;
        } catch (error) {
          if (!isHoldfastError(error)) throw error;
          failures.add(`${error.code} ${error.outcome}`);
          if (error.outcome === 'unknown') unknown[writer] = (unknown[writer] ?? 0) + 1;
        }
      }
    }

    const writers = Array.from({ length: 64 }, (_, writer) => write(writer));
    let killed = 0;
    for (let round = 0; round < kills; round += 1) {
      const before = sum(acknowledged);
      // Now and then all are between two connections.
      const killedBefore = killed;
      await expect.poll(async () => (killed += await killConnections(name))).toBeGreaterThan(killedBefore);
      await expect.poll(() => sum(acknowledged), { timeout: 15_000 }).toBeGreaterThan(before);
    }
    going = false;
    await Promise.all(writers);
    const { snapshot } = await casUpdate(witness, '/hot', counters, () => CasApply.noOp());
    const each = snapshot?.writers ?? [];
    expect(killed).toBeGreaterThanOrEqual(kills);
    // What was acknowledged is there, for each writer; beyond that there is at most what nobody could tell the outcome of.
    const misses = each.map((landed, writer) => {
      const least = acknowledged[writer] ?? 0;
      return landed < least || landed > least + (unknown[writer] ?? 0) ? { writer, landed, least } : undefined;
    });
    expect(each).toHaveLength(64);
    expect(misses.filter((miss) => miss !== undefined)).toEqual([]);
    const typed =
      /^(?:OUTCOME_UNKNOWN unknown|TIMEOUT (?:unknown|not-applied)|UNAVAILABLE (?:not-applied|unknown)|BUSY not-applied)$/;
    for (const failure of failures) expect(failure).toMatch(typed);
  },
  (long ? 600 : 120) * 1000,
);
