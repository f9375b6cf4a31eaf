import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { HoldfastError, SATURATION_CHANNEL } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GroupResult } from '../group.ts';
import { checkMember } from '../group-members.ts';
import {
  statements,
  patient,
  landed,
  put,
  remove,
  open,
  turns,
  impatient,
  type Sent,
} from '../../test/support/batching.ts';

test('those who come in one turn are written together, those who come meanwhile form the next', async () => {
  const { write, land, paths, sent } = open();
  const first = [write([put('/a')]), write([put('/b')])];
  expect(sent).toEqual([]);
  await turns();
  const second = [write([put('/c')]), write([put('/d')])];
  await turns();
  expect(paths()).toEqual(['/a /b']);
  await land();
  expect(await Promise.all(first)).toEqual([landed, landed]);
  expect(paths()).toEqual(['/a /b', '/c /d']);
  await land();
  expect(await Promise.all(second)).toEqual([landed, landed]);
});

test('as many batches as may be are under way at once', async () => {
  const { write, land, paths, sent } = open({ atOnce: 2 });
  for (const path of ['/a', '/b', '/c', '/d']) {
    void write([put(path)]);
    await turns();
  }
  expect(paths()).toEqual(['/a', '/b']);
  await land(sent[0]);
  expect(paths()).toEqual(['/a', '/b', '/c /d']);
});

test('where they are few, with those under way, each is a batch by itself', async () => {
  const { write, land, paths, sent } = open({ atOnce: 8, aloneUpTo: 3 });
  void write([put('/a')]);
  void write([put('/b')]);
  await turns();
  expect(paths()).toEqual(['/a', '/b']);
  void write([put('/c')]);
  await turns();
  expect(paths()).toEqual(['/a', '/b', '/c']);
  void write([put('/d')]);
  void write([put('/e')]);
  await turns();
  expect(paths()).toEqual(['/a', '/b', '/c', '/d /e']);
  for (const each of sent.slice(0, 3)) await land(each);
  for (const path of ['/f', '/g', '/h']) void write([put(path)]);
  await turns();
  expect(paths().slice(4)).toEqual(['/f /g /h']);
});

test('one that takes longer than it may counts no more, and is answered when it is done', async () => {
  const { write, land, paths, sent } = open({ atOnce: 1, patienceMs: 5 });
  const first = write([put('/a')]);
  await turns();
  const second = write([put('/b')]);
  void write([put('/a')]);
  await turns();
  expect(paths()).toEqual(['/a']);
  await expect.poll(paths).toEqual(['/a', '/b']);
  await land(sent[1]);
  expect(await second).toEqual(landed);
  // What comes behind it at its path waits for it all the same.
  expect(paths()).toEqual(['/a', '/b']);
  await land(sent[0]);
  expect(await first).toEqual(landed);
  await turns();
  expect(paths()).toEqual(['/a', '/b', '/a']);
});

test('whoever is behind one that counts no more goes on, and is answered, as soon as somebody gives up', async () => {
  const { write, land, paths, sent } = open({ atOnce: 1, patienceMs: 1 });
  void write([put('/a')]);
  await turns();
  const apart = write([put('/x')]);
  await expect.poll(paths).toEqual(['/a', '/x']);
  await land(sent[1]);
  await apart;
  const between = impatient();
  const given = write([put('/a'), put('/b')], between);
  void write([put('/b')]);
  between.giveUp();
  expect(await given).toEqual({ error: between.reason });
  await turns();
  expect(paths()).toEqual(['/a', '/x', '/b']);
});

test('one that goes on by itself is answered by itself, keeps its own patience and no batch from being over', async () => {
  const { write, land, paths, sent } = open();
  const caller = impatient(7);
  const writes = [write([put('/a')]), write([put('/b')], caller)];
  const behind = write([put('/b')]);
  void write([put('/c')]);
  await turns();
  const { batch } = (sent[0] as Sent).context;
  const own = batch?.alone(1);
  expect(own?.signal).toBe(caller.signal);
  expect(own?.remainingMs()).toBe(7);
  sent[0]?.end.resolve([landed]);
  expect(await writes[0]).toEqual(landed);
  await turns();
  // Whoever is behind it still is.
  expect(paths()).toEqual(['/a /b /c']);
  batch?.answer(1, { unmet: [0] });
  expect(await writes[1]).toEqual({ unmet: [0] });
  await turns();
  await land();
  expect(await behind).toEqual(landed);
});

test('one that goes on by itself is under way, whatever its batch waits for and whoever gives up', async () => {
  const { write, sent } = open();
  const caller = impatient();
  const alone = write([put('/a')], caller);
  const others = write([put('/b')]);
  await turns();
  const { context, end } = sent[0] as Sent;
  const { batch } = context;
  batch?.wait();
  expect(batch?.begin()).toEqual([0, 1]);
  batch?.alone(0);
  batch?.wait();
  caller.giveUp();
  expect(batch?.begin()).toEqual([1]);
  end.resolve([landed, landed]);
  expect(await others).toEqual(landed);
  batch?.answer(0, landed);
  expect(await alone).toEqual(landed);
});

test('a batch has so many groups and bytes at most, and one that is larger is alone', async () => {
  const few = open({ maxGroups: 2 });
  for (const path of ['/a', '/b', '/c']) void few.write([put(path)]);
  await turns();
  await few.land();
  expect(few.paths()).toEqual(['/a /b', '/c']);
  const small = open({ maxChanges: 3 });
  for (const group of ['/a', '/b/c', '/d/e/f/g', '/h']) {
    const [first, ...others] = group.split('/').slice(1);
    void small.write([put(`/${first}`), ...others.map((name) => put(`/${name}`))]);
  }
  for (let batch = 0; batch < 3; batch += 1) {
    await turns();
    await small.land();
  }
  expect(small.paths()).toEqual(['/a /b+/c', '/d+/e+/f+/g', '/h']);
  const short = open({ maxBytes: 1000 });
  for (const [path, bytes] of Object.entries({ '/a': 1, '/b': 5000, '/c': 600, '/d': 600 })) {
    void short.write([put(path, 'any', bytes)]);
  }
  for (let batch = 0; batch < 4; batch += 1) {
    await turns();
    await short.land();
  }
  expect(short.paths()).toEqual(['/a', '/b', '/c', '/d']);
});

test('groups with a path in common go one after the other, in order, and keep nobody else', async () => {
  const { write, land, paths } = open();
  void write([put('/a')]);
  void write([put('/b'), put('/a')]);
  // Behind the group before it, although nobody is at /b yet.
  void write([put('/b')]);
  void write([put('/c')]);
  for (let batch = 0; batch < 3; batch += 1) {
    await turns();
    await land();
  }
  expect(paths()).toEqual(['/a /c', '/b+/a', '/b']);
});

test('also while several batches are under way', async () => {
  const { write, land, paths, sent } = open({ atOnce: 3 });
  void write([put('/a')]);
  await turns();
  void write([put('/a')]);
  void write([put('/b')]);
  await turns();
  expect(paths()).toEqual(['/a', '/b']);
  await land(sent[0]);
  expect(paths()).toEqual(['/a', '/b', '/a']);
});

test('each group has a result of its own, whatever becomes of the others', async () => {
  const { write, sent } = open();
  const error = new HoldfastError('BODY_TOO_LARGE', 'too large', { outcome: 'not-applied' });
  const results: GroupResult[] = [landed, { unmet: [0] }, { error }];
  const writes = ['/a', '/b', '/c', '/d'].map((path) => write([put(path)]));
  await turns();
  // The driver has forgotten the last.
  sent[0]?.end.resolve(results);
  expect((await Promise.all(writes)).slice(0, 3)).toEqual(results);
  expect(await writes[3]).toMatchObject({ error: { code: 'BACKEND_FAILED', outcome: 'unknown' } });
});

test.each([
  ['not-applied', new HoldfastError('UNAVAILABLE', 'gone', { outcome: 'not-applied' })],
  ['unknown', new HoldfastError('UNAVAILABLE', 'gone', { outcome: 'unknown', cause: new TypeError('cut') })],
  ['unknown', new TypeError('not ours')],
])('a batch that fails as a whole is %s for each, in an error of its own', async (outcome, failure) => {
  const { write, sent, land } = open();
  const writes = [write([put('/a')]), write([put('/b')])];
  // What comes behind one of them is not concerned.
  const behind = write([put('/a')]);
  await turns();
  sent[0]?.end.reject(failure);
  const errors = (await Promise.all(writes)).map((result) => (result as { readonly error: HoldfastError }).error);
  for (const error of errors) expect(error).toMatchObject({ outcome });
  expect(new Set([...errors, failure]).size).toBe(3);
  await turns();
  await land();
  expect(await behind).toEqual(landed);
});

test('who gives up in line is not written, at once, and those behind go on in their order', async () => {
  const { write, land, paths } = open();
  const [one, other] = [impatient(), impatient()];
  void write([put('/x')]);
  await turns();
  const first = write([put('/a')], one);
  const second = write([put('/a')], other);
  void write([put('/a'), put('/b')]);
  await turns();
  other.giveUp();
  expect(await second).toEqual({ error: other.reason });
  one.giveUp();
  expect(await first).toEqual({ error: one.reason });
  await land();
  expect(paths()).toEqual(['/x', '/a+/b']);
});

test('who gives up after a wait in line, when it is under way by itself, is not told that it was not applied', async () => {
  const { write, land, sent } = open();
  const caller = impatient();
  void write([put('/a')]);
  await turns();
  const second = write([put('/b')], caller);
  await turns();
  await land();
  await turns();
  expect(sent.at(-1)?.paths).toBe('/b');
  caller.giveUp();
  await land();
  expect(await second).toEqual(landed);
});

test('who gives up in the turn in which they came is not written', async () => {
  const { write, paths } = open();
  const early = impatient();
  const given = write([put('/a')], early);
  void write([put('/b')]);
  early.giveUp();
  expect(await given).toEqual({ error: early.reason });
  const none = write([put('/c')], early);
  await turns();
  expect(await none).toEqual({ error: early.reason });
  expect(paths()).toEqual(['/b']);
});

test('who gives up when their batch is under way leaves the others alone; when all have, its signal fires', async () => {
  const { write, sent, land } = open();
  const [one, other] = [impatient(5), impatient(70)];
  const writes = [write([put('/a')], one), write([put('/b')], other)];
  await turns();
  const { context } = sent[0] as Sent;
  expect(context.remainingMs()).toBe(70);
  expect(context.signal.aborted).toBe(false);
  one.giveUp();
  expect(context.signal.aborted).toBe(false);
  other.giveUp();
  expect(context.signal.reason).toBe(other.reason);
  // It was too late for the driver.
  await land();
  expect(await Promise.all(writes)).toEqual([landed, landed]);
});

test('who has given up keeps nobody waiting at their paths, however long the others wait for the answer', async () => {
  const { write, sent, paths, land } = open({ patienceMs: 1 });
  const caller = impatient();
  const writes = [write([put('/a')], caller), write([put('/b')])];
  await turns();
  expect(sent[0]?.context.signal.aborted).toBe(false);
  const behind = write([put('/a')]);
  caller.giveUp();
  expect(await writes[0]).toMatchObject({ error: { code: 'ABORTED', outcome: 'unknown' } });
  await expect.poll(paths).toEqual(['/a /b', '/a']);
  await land(sent[1]);
  expect(await behind).toEqual(landed);
  // What it answers in the end is not looked at for the one, and is for the other.
  await land(sent[0]);
  expect(await writes[1]).toEqual(landed);
});

test('the patience of a group by itself is that of its caller', async () => {
  const { write, sent } = open();
  const caller = impatient(7);
  void write([put('/a')], caller);
  await turns();
  expect(sent[0]?.context.signal).toBe(caller.signal);
  expect(sent[0]?.context.remainingMs()).toBe(7);
});

test('while a batch says that it waits, who gives up leaves it, and it is told whom to send', async () => {
  const { write, sent } = open();
  const [one, other, third] = [impatient(), impatient(), impatient()];
  const writes = [write([put('/a')], one), write([put('/b')], other), write([put('/c')], third), write([put('/d')])];
  await turns();
  const { context, end } = sent[0] as Sent;
  const { batch } = context;
  one.giveUp();
  expect(batch?.begin()).toEqual([1, 2, 3]);
  expect(await writes[0]).toEqual({ error: one.reason });
  batch?.wait();
  other.giveUp();
  expect(await writes[1]).toEqual({ error: other.reason });
  batch?.answer(3, { unmet: [0] });
  expect(await writes[3]).toEqual({ unmet: [0] });
  expect(batch?.begin()).toEqual([2]);
  // It is sent now.
  third.giveUp();
  end.resolve([landed, landed, landed, landed]);
  expect(await writes[2]).toEqual(landed);
});

test('what has lost to a write before it is answered without being sent', async () => {
  const { write, land, paths } = open();
  const [old, minted] = [mintVersion(), mintVersion()];
  void write([put('/a', { version: old }, 1, minted)]);
  const losers = [write([put('/a', { version: old })]), write([remove('/a', old)]), write([put('/a', 'absent')])];
  await turns();
  await land();
  expect(await Promise.all(losers)).toEqual([{ unmet: [0] }, { unmet: [0] }, { unmet: [0] }]);
  // Those of which that cannot be told go on, and so does whoever expects what has been written.
  void write([remove('/a', minted)]);
  const behind = [write([put('/a', 'absent')]), write([put('/a', { version: minted }), put('/b')])];
  for (let batch = 0; batch < 3; batch += 1) {
    await turns();
    await land();
  }
  expect(await Promise.all(behind)).toEqual([landed, { changed: [1, 1] }]);
  expect(paths()).toEqual(['/a', '/a', '/a', '/a+/b']);
});

test('who came when a write before them was under way may know what became of it, and is sent', async () => {
  const { write, land, paths, sent } = open();
  void write([put('/a')]);
  await turns();
  // Another process has read what the first write left, and replaced it; its answer was faster.
  void write([put('/a', { version: mintVersion() })]);
  await land();
  expect(paths()).toEqual(['/a', '/a']);
  const { batch } = (sent[1] as Sent).context;
  batch?.wait();
  const loser = write([put('/a', { version: mintVersion() })]);
  batch?.begin();
  await land();
  expect(await loser).toEqual({ unmet: [0] });
});

test('one that has not landed makes nobody lose', async () => {
  const { write, paths, sent } = open();
  const version = mintVersion();
  void write([put('/a', { version })]);
  void write([put('/a', { version })]);
  void write([put('/a', { version })]);
  for (const result of [{ unmet: [0] }, { error: new HoldfastError('BUSY', 'busy', { outcome: 'not-applied' }) }]) {
    await turns();
    sent.at(-1)?.end.resolve([result]);
  }
  await turns();
  expect(paths()).toEqual(['/a', '/a', '/a']);
});

test('groups that only check wait for nobody', async () => {
  const { driver, write, paths } = open();
  void write([put('/a')]);
  await turns();
  void driver.write([[checkMember(statements, '/a', 'absent')]], patient);
  await turns();
  expect(paths()).toEqual(['/a', '/a']);
});

test('groups of one caller are in line each by itself', async () => {
  const { driver, land, paths } = open();
  const both = driver.write([[put('/a')], [put('/a')], [put('/b')]], patient);
  await turns();
  for (let batch = 0; batch < 2; batch += 1) await land();
  expect(paths()).toEqual(['/a /b', '/a']);
  expect(await both).toEqual([landed, landed, landed]);
});

test('when too many wait, the next is refused, and that it fills up is published', async () => {
  const { write, land, sent } = open({ maxWaiting: 5 });
  const heard: unknown[] = [];
  const hear = (message: unknown): void => void heard.push(message);
  subscribe(SATURATION_CHANNEL, hear);
  try {
    const writes = Array.from({ length: 5 }, () => write([put('/a')]));
    const message = '5 writes wait for the database already';
    expect(await write([put('/b')])).toMatchObject({ error: { code: 'OVERLOADED', message, outcome: 'not-applied' } });
    await turns();
    // There is room again.
    void write([put('/c')]);
    await land();
    expect(sent.at(-1)?.paths).toBe('/c /a');
    expect(await writes[0]).toEqual(landed);
  } finally {
    unsubscribe(SATURATION_CHANNEL, hear);
  }
  expect(heard).toMatchObject([{ bound: 'SQL writes in line', limit: 5, used: 4 }]);
});

test('each hears what becomes of its group in its own async context', async () => {
  const storage = new AsyncLocalStorage<string>();
  const { write, land } = open();
  const caller = impatient();
  const paths = ['/a', '/b', '/a', '/c'];
  const heard = paths.map((path, index) =>
    storage.run(`${path}${index}`, async () => {
      await write([put(path)], index === 2 ? caller : patient);
      return storage.getStore();
    }),
  );
  await turns();
  caller.giveUp();
  await land();
  expect(await Promise.all(heard)).toEqual(paths.map((path, index) => `${path}${index}`));
});

test('whoever comes and gives up in whatever order: no two at one path at once, none overtakes, each is answered', async () => {
  const paths = fc.uniqueArray(fc.constantFrom('/a', '/b', '/c', '/d'), { minLength: 1, maxLength: 3 });
  const step = fc.oneof(
    { weight: 3, arbitrary: paths.map((at) => ({ at })) },
    fc.record({ end: fc.nat(5) }),
    fc.record({ giveUp: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), fc.integer({ min: 1, max: 3 }), async (steps, atOnce) => {
      const { write, sent, land } = open({ atOnce, maxGroups: 2 });
      const callers: ReturnType<typeof impatient>[] = [];
      const answers: Promise<GroupResult>[] = [];
      const underWay = new Set<Sent>();
      let seen = 0;
      const look = (): void => {
        for (const batch of sent.slice(seen)) underWay.add(batch);
        seen = sent.length;
        const held = [...underWay].flatMap((batch) => batch.paths.split(/[ +]/));
        expect(new Set(held).size).toBe(held.length);
        expect(underWay.size).toBeLessThanOrEqual(atOnce);
      };
      const end = async (batch: Sent | undefined): Promise<void> => {
        if (batch === undefined) return;
        underWay.delete(batch);
        await land(batch);
        look();
      };
      for (const it of steps) {
        if ('at' in it) {
          const [first, ...others] = it.at.map((path) => put(path));
          callers.push(impatient());
          answers.push(write([first as ReturnType<typeof put>, ...others], callers.at(-1)));
        } else if ('giveUp' in it) callers[it.giveUp]?.giveUp();
        else await end([...underWay][it.end]);
        await turns();
        look();
      }
      while (underWay.size > 0) await end([...underWay][0]);
      expect(await Promise.all(answers)).toHaveLength(callers.length);
    }),
    { numRuns: 60 },
  );
});
