import { expect, test, vi } from 'vitest';
import { deferred, type Deferred } from '../../test/support/deferred.ts';
import { fakeTimeWithNothingLeft } from '../../test/support/fake-time.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import type { CasUpdateOptions } from '../cas/cas-options.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { ROUND_WAIT_MS } from './round.ts';

failOnUnhandledRejections();
fakeTimeWithNothingLeft();

const codec = jsonCodec<number>({ kind: 'n' });
type Options = CasUpdateOptions<number>;

/** A filesystem that does nothing before it is told to. */
class Held extends MapFilesystem {
  readonly #gates = new Map<string, Deferred<void>>();

  constructor() {
    super();
    for (const call of ['_get', '_put', '_delete'] as const) {
      this.before(call, (_, __, path) => this.#gates.get(`${call} ${path}`)?.promise);
    }
  }

  /** Holds what is called from now on, until it is told to go on. */
  hold(call: '_get' | '_put' | '_delete', path = '/n'): () => void {
    const name = `${call} ${path}`;
    const gate = deferred();
    this.#gates.set(name, gate);
    return () => {
      if (this.#gates.get(name) === gate) this.#gates.delete(name);
      gate.resolve();
    };
  }

  /** What was called since the last look. */
  seen(): string[] {
    return this.calls.splice(0);
  }
}

const add = (filesystem: MapFilesystem, path = '/n', options?: Options) =>
  casUpdate(filesystem, path, codec, (n = 0) => CasApply.write(n + 1), options);
const look = (filesystem: MapFilesystem) => casUpdate(filesystem, '/n', codec, (n) => CasApply.noOp(n));
const slowly = (filesystem: MapFilesystem, until: Promise<unknown>, options?: Options) =>
  casUpdate(
    filesystem,
    '/n',
    codec,
    async (n = 0) => {
      await until;
      return CasApply.write(n + 1);
    },
    options,
  );

/** Lets all happen that needs no time. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** With an update of another path under way, or without: it is the same. */
const PLACES = ['alone', 'beside another path'];

/** Begins an update of another path where it has to, which is under way until it is told to go on. */
async function begun(filesystem: Held, beside: string): Promise<() => Promise<unknown>> {
  if (beside === 'alone') return () => Promise.resolve();
  const release = filesystem.hold('_put', '/other');
  const other = add(filesystem, '/other');
  await settle();
  filesystem.seen();
  return () => {
    release();
    return other;
  };
}

test.each(PLACES)('a path has rounds of its own, one after the other, %s', async (beside) => {
  const filesystem = new Held();
  const end = await begun(filesystem, beside);
  for (let round = 0; round < 3; round += 1) {
    await Promise.all([add(filesystem), add(filesystem)]);
    expect(filesystem.seen()).toEqual(['_get', '_put']);
  }
  await end();
});

test('what ends on one path ends nothing on another', async () => {
  const filesystem = new Held();
  const end = await begun(filesystem, 'beside another path');
  await add(filesystem);
  filesystem.seen();
  const late = add(filesystem, '/other');
  await settle();
  expect(filesystem.seen()).toEqual([]);
  await end();
  expect(await late).toMatchObject({ snapshot: 2, attempts: 1 });
});

test.each(PLACES)('who comes while one decides by itself begins a round that others join, %s', async (beside) => {
  const filesystem = new Held();
  const end = await begun(filesystem, beside);
  const decided = deferred();
  const alone = slowly(filesystem, decided.promise, { backoffMinMs: 0 });
  await settle();
  const release = filesystem.hold('_get');
  const others = [add(filesystem), add(filesystem)];
  await settle();
  decided.resolve();
  await alone;
  // The one before has ended, and they read still.
  others.push(add(filesystem));
  await settle();
  expect(filesystem.seen()).toEqual(['_get', '_get', '_put']);
  release();
  expect((await Promise.all(others)).map(({ snapshot }) => snapshot)).toEqual([2, 3, 4]);
  expect(filesystem.seen()).toEqual(['_put']);
  await end();
});

test('who comes while those who have waited read joins them, and who only looks reads no more', async () => {
  const filesystem = new Held();
  const written = filesystem.hold('_put');
  const first = add(filesystem);
  await settle();
  const waiting = [look(filesystem), look(filesystem)];
  await settle();
  const read = filesystem.hold('_get');
  written();
  await first;
  await settle();
  const late = add(filesystem);
  await settle();
  read();
  expect((await Promise.all(waiting)).map(({ outcome }) => outcome)).toEqual([1, 1]);
  expect((await late).snapshot).toBe(2);
  expect(filesystem.seen()).toEqual(['_get', '_put', '_get', '_put']);
});

test('all who begin to look together are answered by two reads, the second of which has begun after them', async () => {
  const filesystem = new Held();
  await Promise.all(Array.from({ length: 10 }, () => look(filesystem)));
  expect(filesystem.seen()).toEqual(['_get', '_get']);
});

test('when all who wait have given up, nothing is done for them', async () => {
  const filesystem = new Held();
  const release = filesystem.hold('_put');
  const first = add(filesystem);
  await settle();
  const late = typedRejection(add(filesystem, '/n', { timeoutMs: 10 }));
  await vi.advanceTimersByTimeAsync(10);
  expect((await late).code).toBe('TIMEOUT');
  release();
  await first;
  expect(filesystem.seen()).toEqual(['_get', '_put']);
});

test('nobody waits for the only one who has waited, while it decides', async () => {
  const filesystem = new Held();
  const release = filesystem.hold('_put');
  const first = add(filesystem);
  await settle();
  const decided = deferred();
  const second = slowly(filesystem, decided.promise);
  await settle();
  release();
  await first;
  await settle();
  expect((await add(filesystem)).snapshot).toBe(2);
  decided.resolve();
  const end = vi.runAllTimersAsync();
  expect((await second).snapshot).toBe(3);
  await end;
});

test('nobody waits for one whose hint no longer holds, while it decides again', async () => {
  const filesystem = new Held();
  const decided = deferred();
  const hint = { snapshot: undefined, version: undefined };
  let runs = 0;
  const apply = async () => {
    if ((runs += 1) === 2) await decided.promise;
    return CasApply.noOp();
  };
  const hinted = casUpdate(filesystem, '/n', codec, apply, { hint });
  await settle();
  expect((await add(filesystem)).snapshot).toBe(1);
  decided.resolve();
  await hinted;
  expect(runs).toBe(2);
});

test('nobody waits long for a read of those who have waited, and nobody decides on what was not read', async () => {
  const filesystem = new Held();
  await add(filesystem);
  const written = filesystem.hold('_put');
  const first = add(filesystem);
  await settle();
  const seen: (number | undefined)[] = [];
  const note = () =>
    casUpdate(filesystem, '/n', codec, (n) => {
      seen.push(n);
      return CasApply.noOp();
    });
  const leading = note();
  const others = [note(), note()];
  await settle();
  const read = filesystem.hold('_get');
  written();
  await first;
  await settle();
  const stuck = filesystem.count('_get');
  filesystem.before('_get', () => undefined);
  await vi.advanceTimersByTimeAsync(ROUND_WAIT_MS);
  await Promise.all(others);
  expect(filesystem.count('_get')).toBe(stuck + 2);
  read();
  await leading;
  expect(seen).toEqual([2, 2, 2]);
});

test('when the read for all fails, each of the others reads at once, and none waits for another', async () => {
  const filesystem = new MapFilesystem();
  const held = deferred();
  filesystem.before('_get', (_, nth) => {
    if (nth === 1) throw new HoldfastError('UNAVAILABLE', 'cut');
    return held.promise;
  });
  const failed = rejection(add(filesystem));
  const others = [look(filesystem), look(filesystem), look(filesystem)];
  await failed;
  await settle();
  expect(filesystem.count('_get')).toBe(4);
  held.resolve();
  await Promise.all(others);
});

test('who comes while a round writes waits for that, also when whoever read for it has failed', async () => {
  const filesystem = new Held();
  const release = filesystem.hold('_put');
  const mine = new Error('mine');
  const failed = rejection(
    casUpdate(filesystem, '/n', codec, (): never => {
      throw mine;
    }),
  );
  const writes = add(filesystem);
  expect(await failed).toBe(mine);
  await settle();
  const late = add(filesystem);
  await settle();
  expect(filesystem.seen()).toEqual(['_get', '_put']);
  release();
  expect((await writes).snapshot).toBe(1);
  expect(await late).toMatchObject({ snapshot: 2, attempts: 1 });
});

test('who has looked and has to look again does not before a delete that comes between is over', async () => {
  const filesystem = new Held();
  await add(filesystem);
  filesystem.seen();
  const release = filesystem.hold('_delete');
  const looks = [look(filesystem), look(filesystem)];
  const removed = casUpdate(filesystem, '/n', codec, (n) => CasApply.delete(n));
  await vi.advanceTimersByTimeAsync(100);
  expect(filesystem.seen()).toEqual(['_get', '_delete']);
  release();
  await removed;
  expect((await Promise.all(looks)).map(({ outcome }) => outcome)).toEqual([1, undefined]);
});

test.each([0, 1])('who comes while one deletes waits for that, as do those %i who came with it', async (others) => {
  const filesystem = new Held();
  await add(filesystem);
  filesystem.seen();
  const release = filesystem.hold('_delete');
  const removed = casUpdate(filesystem, '/n', codec, (n) => CasApply.delete(n));
  const all = Array.from({ length: others }, () => add(filesystem));
  await settle();
  all.push(add(filesystem));
  // It takes as long as it takes, and is not looked for.
  await vi.advanceTimersByTimeAsync(100);
  expect(filesystem.seen()).toEqual(['_get', '_delete']);
  release();
  expect((await removed).outcome).toBe(1);
  expect((await Promise.all(all)).map(({ snapshot }) => snapshot)).toEqual(others === 0 ? [1] : [1, 2]);
  const calls = filesystem.seen();
  expect(calls.filter((it) => it === '_put')).toHaveLength(1);
});
