import { groupLaws } from '@holdfast/test-support';
import { describe, expect, test } from 'vitest';
import { openGroupPort } from './support/group-port.ts';
import { startProxy } from './support/proxy.ts';
import { refusal } from './support/rejection.ts';
import { lockRow, lockUnmade } from './support/row-lock.ts';
import { killConnections, makeScratchSchema, runSql } from './support/scratch-schema.ts';

describe.each(['read committed', 'repeatable read', 'serializable'])('by default %s', (level) => {
  const options = `-c default_transaction_isolation=${level.replace(' ', String.raw`\ `)}`;

  test.each(groupLaws)('%s', async (_, law) => {
    await using scratch = makeScratchSchema();
    await using one = await openGroupPort(scratch, options);
    await using other = await openGroupPort(scratch, options);
    await expect(law([one.port, other.port])).resolves.toBe(undefined);
  });
});

test('a put is sent as before; a group is sent once, whether it lands or not', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port, texts } = opened;
  const count = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
    texts.length = 0;
    await work();
    return [...texts];
  };
  const [put, ...others] = await count(() => port.write(port.put('/a', 'absent')));
  expect([put?.slice(0, 11), others]).toEqual(['insert into', []]);
  for (const last of [port.put('/c', 'any'), port.check('/d', 'absent'), port.delete('/e', 'any')]) {
    expect(await count(() => port.write(port.put('/b', 'any'), last))).toHaveLength(1);
    expect(await count(() => port.write(port.put('/b', 'absent'), last))).toHaveLength(1);
  }
});

test('a group waits for whoever makes what it checks the absence of, and does not land behind them', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  for (const made of [true, false]) {
    const [path, written] = [`/${made}/x`, `/${made}/y`];
    await using unmade = await lockUnmade(scratch.schema, path);
    const writing = port.write(port.put(written, 'absent'), port.check(path, 'absent'));
    await unmade.waitedForBy(1);
    await (made ? unmade.make() : unmade.release());
    expect(await writing).toEqual(made ? { unmet: [1] } : { changed: [1, 0] });
    expect((await port.version(written)) === undefined).toBe(made);
    expect((await port.version(path)) === undefined).toBe(!made);
  }
});

test('what a group checks stays as it is until the group has landed, also where nothing is', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await port.write(port.put('/there', 'any'));
  const version = await port.version('/there');
  if (version === undefined) throw new Error('it is not there');
  // The last of the locks that the group takes.
  await using unmade = await lockUnmade(scratch.schema, '/z');
  const group = port.write(port.check('/absent', 'absent'), port.check('/there', version), port.put('/z', 'absent'));
  await unmade.waitedForBy(1);
  const changes = [port.write(port.put('/absent', 'absent')), port.write(port.delete('/there', version))];
  const waiting = `select 1 from pg_stat_activity where application_name = '${scratch.name}' and wait_event_type = 'Lock'`;
  await expect.poll(() => runSql(scratch.connectionString, waiting)).toHaveLength(3);
  expect(await port.version('/absent')).toBe(undefined);
  await unmade.release();
  // Had one of them come first, the group would not have landed.
  expect(await group).toEqual({ changed: [0, 0, 1] });
  expect(await Promise.all(changes)).toEqual([{ changed: [1] }, { changed: [1] }]);
  expect(await port.version('/there')).toBe(undefined);
  expect(await port.version('/absent')).not.toBe(undefined);
});

test('groups that only check the same do not wait for each other', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await port.write(port.put('/config', 'any'));
  const version = await port.version('/config');
  if (version === undefined) throw new Error('it is not there');
  await using unmade = await lockUnmade(scratch.schema, '/a');
  const waiting = port.write(port.check('/config', version), port.put('/a', 'absent'));
  await unmade.waitedForBy(1);
  expect(await port.lands(port.check('/config', version), port.put('/b', 'absent'))).toBe(true);
  await unmade.release();
  expect(await waiting).toEqual({ changed: [0, 1] });
});

test('a group whose connection is ended leaves nothing, no lock either, and is unknown at most', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  await port.write(port.put('/c', 'any'));
  await using lock = await lockRow(scratch.schema, '/c');
  for (const last of [port.put('/b', 'absent'), port.check('/b', 'absent')]) {
    const group = refusal(port.write(port.put('/a', 'absent'), port.put('/c', 'any'), last));
    await lock.waitedForBy(1);
    await killConnections(scratch.name);
    expect(await group).toBe('UNAVAILABLE unknown');
    expect([await port.version('/a'), await port.version('/b')]).toEqual([undefined, undefined]);
  }
  expect(await port.lands(port.put('/a', 'absent'), port.put('/b', 'absent'))).toBe(true);
});

test('a group whose reply is lost is unknown, and there as a whole', async () => {
  await using scratch = makeScratchSchema();
  await using witness = await openGroupPort(scratch);
  await using proxy = await startProxy();
  await using opened = await openGroupPort({ ...scratch, connectionString: proxy.connectionString });
  const { port } = opened;
  for (const [directory, check] of [
    ['/1', port.check('/absent', 'absent')] as const,
    ['/2', port.put('/2/c', 'any')] as const,
  ]) {
    const [a, b] = [`${directory}/a`, `${directory}/b`];
    await port.write(port.put(a, 'any'));
    proxy.swallowAnswers();
    const group = refusal(port.write(port.delete(a, 'any'), port.put(b, 'absent'), check));
    await expect.poll(() => witness.port.version(b)).not.toBe(undefined);
    proxy.cut();
    expect(await group).toBe('UNAVAILABLE unknown');
    expect(await witness.port.version(a)).toBe(undefined);
  }
});

test('the connection is as it was after every end of a group', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch, '-c statement_timeout=100');
  const { port } = opened;
  await port.write(port.put('/a', 'any'));
  await using lock = await lockRow(scratch.schema, '/a');
  for (const last of [port.put('/b', 'absent'), port.check('/b', 'absent')]) {
    const group = port.write(port.put('/a', 'any'), last);
    expect(await refusal(group)).toBe('TIMEOUT not-applied');
    expect(await port.lands(port.put('/c', 'any'), port.check('/d', 'absent'))).toBe(true);
  }
  await lock.release();
});

test('a group that waits for a path holds none of those behind it, in whatever order it names them', async () => {
  await using scratch = makeScratchSchema();
  await using opened = await openGroupPort(scratch);
  const { port } = opened;
  for (const kind of ['put', 'check'] as const) {
    for (const path of ['/a', '/b']) await port.write(port.put(path, 'any'));
    const version = await port.version('/b');
    if (version === undefined) throw new Error('it is not there');
    await using lock = await lockRow(scratch.schema, '/a');
    const group = port.write(kind === 'put' ? port.put('/b', 'any') : port.check('/b', version), port.put('/a', 'any'));
    await lock.waitedForBy(1);
    expect(await port.lands(port.put('/b', version))).toBe(true);
    await lock.release();
    expect(await group).toEqual(kind === 'put' ? { changed: [1, 1] } : { unmet: [0] });
  }
});

test('a group that the server sacrifices to end a deadlock is sent again, and lands', async () => {
  await using scratch = makeScratchSchema();
  // Who has waited for so long looks for a deadlock, once. Only the group is to find it.
  await using opened = await openGroupPort(scratch, '-c deadlock_timeout=2s');
  const { port, texts } = opened;
  for (const path of ['/a', '/b']) await port.write(port.put(path, 'any'));
  texts.length = 0;
  await using lock = await lockRow(scratch.schema, '/b', { deadlockTimeout: '1min' });
  const group = port.write(port.put('/a', 'any'), port.put('/b', 'any'));
  await lock.waitedForBy(1);
  await lock.lockAsWell('/a');
  await lock.release();
  expect(await group).toEqual({ changed: [1, 1] });
  expect(texts.length).toBeGreaterThan(1);
});
