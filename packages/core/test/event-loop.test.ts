import { describe, expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { never } from './support/deferred.ts';
import { EVERYTHING, MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';

const body = new Uint8Array(1);
const counter = jsonCodec<number>({ kind: 'counter' });

/** More calls than fit into what they may take of the event loop at once, on any machine. */
const ENOUGH = 50_000;

/** Makes one call after the other until a timer has fired, or until there were enough. */
async function untilTimer(call: (nth: number) => Promise<unknown>): Promise<'the timer fired' | 'it never fired'> {
  let fired = false;
  setTimeout(() => (fired = true), 1);
  for (let nth = 0; nth < ENOUGH && !fired; nth += 1) await call(nth);
  return fired ? 'the timer fired' : 'it never fired';
}

/** It would look through all calls at each. */
function forget(filesystem: MapFilesystem): void {
  filesystem.calls.length = 0;
  filesystem.contexts.length = 0;
}

/** A filesystem of a stranger, whose promises are settled as soon as they are made. */
function stranger(): RootFilesystem {
  const inner = new Map<string, object>();
  let version = 0;
  return {
    capabilitiesAt: () => EVERYTHING,
    get: (path: string) => Promise.resolve(inner.get(path)),
    put: (path: string, entry: object) => {
      version += 1;
      inner.set(path, { ...entry, path, version: String(version) });
      return Promise.resolve({ version: String(version) });
    },
  } as unknown as RootFilesystem;
}

describe('however fast the calls are answered, timers fire between', () => {
  const filesystem = new MapFilesystem();
  test.each<[string, (nth: number) => Promise<unknown>]>([
    ['reads', () => filesystem.get('/a')],
    ['writes', () => filesystem.put('/a', { body }, 'any')],
    ['deletes', () => filesystem.delete('/a', 'any')],
    ['writes that are refused', () => typedRejection(filesystem.put('/b', { body }, { version: 'other' }))],
    ['listings', () => filesystem.list('/')],
    ['iterations', () => filesystem.entries('/').next()],
    ['updates', () => casUpdate(filesystem, '/n', counter, (n = 0) => CasApply.write(n + 1))],
    ['updates that change nothing', () => casUpdate(filesystem, '/n', counter, () => CasApply.noOp())],
  ])('%s', async (_, call) => {
    const forgetting = async (nth: number) => {
      await call(nth);
      forget(filesystem);
    };
    expect(await untilTimer(forgetting)).toBe('the timer fired');
  });
});

test('updates of a filesystem that never lets the event loop turn do so themselves', async () => {
  const filesystem = stranger();
  const update = () => casUpdate(filesystem, '/n', counter, (n = 0) => CasApply.write(n + 1));
  expect(await untilTimer(update)).toBe('the timer fired');
});

test('so do the entries of one page, for one who takes some time with each', async () => {
  await using filesystem = new MapFilesystem();
  for (let n = 0; n < 1000; n += 1) await filesystem.put(`/${n}`, { body }, 'any');
  let fired: number | undefined;
  let seen = 0;
  for await (const _entry of filesystem.entries('/', { pageSize: 1000 })) {
    if (seen === 0) setTimeout(() => (fired = seen), 0);
    seen += 1;
    const until = performance.now() + 0.1;
    while (performance.now() < until);
  }
  expect(filesystem.count('_scan')).toBe(2);
  expect(fired).toBeLessThan(1000);
});

test('an update whose apply hangs ends with its deadline beside others that never pause', async () => {
  await using filesystem = new MapFilesystem();
  let ended: unknown;
  const hanging = typedRejection(
    casUpdate(filesystem, '/hung', counter, () => never<CasApply<number, undefined>>(), { timeoutMs: 20 }),
  ).then((error) => (ended = error));
  for (let nth = 0; nth < ENOUGH && ended === undefined; nth += 1) {
    await casUpdate(filesystem, '/n', counter, (n = 0) => CasApply.write(n + 1));
    forget(filesystem);
  }
  expect(ended).toMatchObject({ code: 'TIMEOUT', outcome: 'not-applied' });
  await hanging;
});
