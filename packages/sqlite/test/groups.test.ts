import { groupLaws, startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { DriverError, makeFaulty } from './support/faulty-database.ts';
import { openGroupPort } from './support/group-port.ts';
import { makeScratch } from './support/scratch.ts';

const raceGroups = new URL('children/race-groups.ts', import.meta.url);

test.each(groupLaws)('%s', async (_, law) => {
  await using scratch = await makeScratch();
  const ports = [await openGroupPort(scratch.file), await openGroupPort(scratch.file)] as const;
  await expect(law(ports)).resolves.toBe(undefined);
  for (const port of ports) await port.close();
});

test('of two groups of two processes that each check what the other writes, one lands', async () => {
  const rounds = 200;
  await using scratch = await makeScratch();
  await using one = await startChild(raceGroups, scratch.file, 'x', 'y', rounds);
  await using other = await startChild(raceGroups, scratch.file, 'y', 'x', rounds);
  const [first, second] = (await Promise.all([one.tell(), other.tell()])) as [boolean[], boolean[]];
  expect(first).toHaveLength(rounds);
  expect(first.filter((landed, round) => landed === second[round])).toEqual([]);
});

test('a group is a transaction with one commit, a put its own, and a group that does not hold has none', async () => {
  const texts: string[] = [];
  const port = await openGroupPort(':memory:', (database) => {
    const faulty = makeFaulty(database);
    faulty.intercept = (text, run) => {
      texts.push(text.split(' ')[0] as string);
      return run();
    };
    return faulty.database;
  });
  const sent = async (work: () => Promise<unknown>): Promise<string> => {
    texts.length = 0;
    await work();
    return texts.join(' ');
  };
  expect(await sent(() => port.write(port.put('/a', 'absent')))).toBe('begin insert commit');
  expect(await sent(() => port.write(port.put('/a', 'absent')))).toBe('begin insert rollback');
  const group = () => [port.put('/b', 'absent'), port.delete('/c', 'any'), port.check('/d', 'absent')] as const;
  expect(await sent(() => port.write(...group()))).toBe('begin savepoint insert delete release commit');
  expect(await sent(() => port.write(...group()))).toBe('begin savepoint insert rollback release rollback');
  await port.close();
});

test('a commit of a group that fails leaves nothing, and what is not known of it is unknown', async () => {
  let code = '';
  const port = await openGroupPort(':memory:', (database) => {
    const faulty = makeFaulty(database);
    faulty.intercept = (text, run) => {
      if (text !== 'commit' || code === '') return run();
      throw new DriverError(code);
    };
    return faulty.database;
  });
  const write = () => port.write(port.put('/a', 'absent'), port.put('/b', 'absent'));
  code = 'SQLITE_IOERR_FSYNC';
  await expect(write()).rejects.toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
  code = 'SQLITE_FULL';
  await expect(write()).rejects.toMatchObject({ code: 'STORAGE_FULL', outcome: 'not-applied' });
  code = '';
  expect([await port.version('/a'), await port.version('/b')]).toEqual([undefined, undefined]);
  await port.close();
});
