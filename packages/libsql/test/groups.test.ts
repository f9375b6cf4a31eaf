import { groupLaws } from '@holdfast/test-support';
import { createClient } from '@libsql/client';
import { describe, expect, test } from 'vitest';
import type { CreateClient } from '../src/client.ts';
import { FileConnection } from '../src/file-connection.ts';
import { connectToServer } from '../src/open-server.ts';
import { openGroupPort } from './support/group-port.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';
import { makeTables, serverConfig } from './support/server.ts';
import { makeWire } from './support/wire.ts';

const protocols = ['http', 'ws'] as const;
const connect = (config: ReturnType<typeof serverConfig>) =>
  connectToServer(createClient as CreateClient, config, 20_000);

describe('in a file', () => {
  test.each(groupLaws)('%s', async (_, law) => {
    await using scratch = await makeScratch();
    const open = async () => {
      const client = createClient({ url: `file:${scratch.file}` });
      await client.execute('pragma journal_mode = wal');
      return openGroupPort(new FileConnection({ client, owned: true, file: scratch.file, busyTimeoutMs: 20_000 }));
    };
    const ports = [await open(), await open()] as const;
    await expect(law(ports)).resolves.toBe(undefined);
    for (const port of ports) await port.close();
  });
});

describe('in memory', () => {
  test.each(groupLaws)('%s', async (_, law) => {
    const client = createClient({ url: ':memory:' });
    const port = await openGroupPort(new FileConnection({ client, owned: true, file: '', busyTimeoutMs: 20_000 }));
    await expect(law([port, port])).resolves.toBe(undefined);
    await port.close();
  });
});

describe('on a server', () => {
  test.each(groupLaws)('%s', async (_, law) => {
    await using tables = makeTables();
    const open = (protocol: 'http' | 'ws') => openGroupPort(connect(serverConfig(protocol)), tables.tablePrefix);
    const ports = [await open('http'), await open('ws')] as const;
    await expect(law(ports)).resolves.toBe(undefined);
    for (const port of ports) await port.close();
  });

  test.each(protocols)('a group is one round trip, whether it lands or not (%s)', async (protocol) => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const port = await openGroupPort(connect(wire.config(protocol)), tables.tablePrefix);
    const count = async (work: () => Promise<unknown>): Promise<number> => {
      const before = wire.roundTrips();
      await work();
      return wire.roundTrips() - before;
    };
    const group = () => [port.put('/a', 'absent'), port.put('/b', 'any'), port.check('/c', 'absent')] as const;
    expect(await count(() => port.write(port.put('/d', 'absent')))).toBe(1);
    expect(await count(async () => expect(await port.lands(...group())).toBe(true))).toBe(1);
    expect(await count(async () => expect(await port.lands(...group())).toBe(false))).toBe(1);
    await port.close();
  });

  test.each(protocols)('a group whose reply is lost is unknown, and there as a whole (%s)', async (protocol) => {
    await using wire = await makeWire();
    await using tables = makeTables();
    const port = await openGroupPort(connect(wire.config(protocol)), tables.tablePrefix);
    const witness = await openGroupPort(connect(serverConfig()), tables.tablePrefix);
    await port.write(port.put('/a', 'absent'), port.put('/b', 'absent'));
    wire.hold();
    const writing = refusal(port.write(port.delete('/a', 'any'), port.delete('/b', 'any'), port.put('/c', 'absent')));
    await expect.poll(() => witness.version('/c')).not.toBe(undefined);
    wire.cut();
    expect(await writing).toBe('UNAVAILABLE unknown');
    const there = await Promise.all(['/a', '/b', '/c'].map((path) => witness.version(path)));
    expect(there.map((version) => version !== undefined)).toEqual([false, false, true]);
    for (const each of [port, witness]) await each.close();
  });
});
