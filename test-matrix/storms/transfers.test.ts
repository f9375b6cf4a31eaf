import { FaultProxy } from '@holdfast/contract';
import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { libsqlFile, libsqlRemote, libsqlReplica } from '../backends/libsql.ts';
import { memory, sqliteFile, sqliteMemory } from '../backends/local.ts';
import { postgres } from '../backends/postgres.ts';
import { openAccounts, problemsAfter, storm, summaryOf, type Told } from './transfers.ts';

const long = process.env['HOLDFAST_LONG'] === '1';
const minutes = 60_000;

const transferring = new URL('children/transfer.ts', import.meta.url);

const versioned = [memory, sqliteFile, sqliteMemory, libsqlFile, libsqlRemote, libsqlReplica, postgres];

const inOne = { writers: 64, transfers: long ? 100 : 1 };

test.each(versioned.map((backend) => [backend.name, backend] as const))(
  '64 writers move amounts between 16 accounts on %s: every total is exact, nothing is lost or made twice',
  async (name, { harness }) => {
    const store = await harness.createStore();
    try {
      await using filesystem = await store.open();
      await openAccounts(filesystem);
      const began = performance.now();
      const told = await storm(filesystem, 'one', inOne);
      if (long) console.log(`${name}: ${summaryOf([told], performance.now() - began)}`);
      expect(await problemsAfter(filesystem, [told])).toEqual([]);
      expect([told.acknowledged.length, told.failures]).toEqual([inOne.writers * inOne.transfers, []]);
    } finally {
      await store.destroy();
    }
  },
  10 * minutes,
);

const processes = long ? 4 : 2;
const inEach = long ? { writers: 16, transfers: 50 } : { writers: 4, transfers: 3 };
/** What a caller hears when a connection is lost at the wrong moment; an auditor only reads. */
const OF_LOST_CONNECTIONS =
  /^(?:OUTCOME_UNKNOWN unknown|TIMEOUT unknown|(?:UNAVAILABLE|TIMEOUT) not-applied|audit (?:UNAVAILABLE|TIMEOUT))$/;

/** How often all connections are ended, each time instead of passing on an answer of the server, and how many lie between. */
const [cuts, every] = long ? [40, 400] : [2, 60];

const shared = [
  [sqliteFile, undefined],
  [postgres, 'HOLDFAST_POSTGRES_URL'],
  [libsqlRemote, 'HOLDFAST_LIBSQL_URL'],
  ...(long ? [[libsqlReplica, 'HOLDFAST_LIBSQL_URL'] as const] : []),
] as const;

test.each(shared.map(([backend, variable]) => [backend.name, backend, variable] as const))(
  `${processes} processes do so on %s, whose connections are ended meanwhile if it has any`,
  async (name, { harness }, variable) => {
    const store = await harness.createStore();
    try {
      await using filesystem = await store.open();
      await openAccounts(filesystem);
      const host = variable === undefined ? undefined : new URL(process.env[variable] ?? '').host;
      await using proxy = host === undefined ? undefined : await FaultProxy.start({ target: host });
      proxy?.add({ on: 'replies', at: { message: every }, effect: 'reset', connections: 'all', times: cuts });
      const { module = '', input } = store.child ?? {};
      const given = JSON.stringify(input);
      const through = host === undefined || proxy === undefined ? given : given.replaceAll(host, proxy.host);
      const children = await Promise.all(
        Array.from({ length: processes }, (_, nth) =>
          startChild(transferring, module, through, `process-${nth}`, JSON.stringify(inEach)),
        ),
      );
      const began = performance.now();
      const told = (await Promise.all(children.map((child) => child.tell()))) as Told[];
      if (long) {
        const ended = proxy === undefined ? '' : `, all connections ended ${proxy.counts.faults} times`;
        console.log(`${name}, ${processes} processes: ${summaryOf(told, performance.now() - began)}${ended}`);
      }
      expect(await problemsAfter(filesystem, told)).toEqual([]);
      expect(told.flatMap((each) => [...each.acknowledged, ...each.unknown])).toHaveLength(
        processes * inEach.writers * inEach.transfers,
      );
      const failures = told.flatMap((each) => each.failures);
      if (proxy === undefined) expect(failures).toEqual([]);
      else expect(proxy.counts.faults).toBeGreaterThan(0);
      for (const failure of failures) expect(failure).toMatch(OF_LOST_CONNECTIONS);
    } finally {
      await store.destroy();
    }
  },
  15 * minutes,
);
