import { expect, test } from 'vitest';
import { casUpdate } from '../src/cas/cas-update.ts';
import { CasApply } from '../src/cas/cas-apply.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import { bytes } from './support/bytes.ts';
import { countingController } from './support/counting-signal.ts';
import { never } from './support/deferred.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const codec = jsonCodec<number>({ kind: 'n' });
const entry = { body: bytes('x') };

/** Every operation that takes options. */
const OPERATIONS: Readonly<Record<string, (fs: MapFilesystem, options: OperationOptions) => Promise<unknown>>> = {
  get: (fs, options) => fs.get('/a', options),
  put: (fs, options) => fs.put('/a', entry, 'any', options),
  delete: (fs, options) => fs.delete('/a', 'any', options),
  list: (fs, options) => fs.list('/', options),
  entries: (fs, options) => fs.entries('/', options).next(),
  'casUpdate, writing': (fs, options) => casUpdate(fs, '/n', codec, (n) => CasApply.write((n ?? 0) + 1), options),
  'casUpdate, deleting': (fs, options) => casUpdate(fs, '/n', codec, () => CasApply.delete(), options),
  'casUpdate, deciding for nothing': (fs, options) => casUpdate(fs, '/n', codec, async () => CasApply.noOp(), options),
};

const NOTHING = { listeners: 0, timers: 0 };

function timers(): number {
  return process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
}

/** What a call leaves behind, however it ends. */
async function leftBy(call: (options: OperationOptions) => Promise<unknown>, abort: boolean): Promise<object> {
  const before = timers();
  const controller = countingController();
  const pending = call({ signal: controller.signal, timeoutMs: 1_000_000 }).catch(() => {});
  if (abort) {
    await settled();
    controller.abort();
  }
  await pending;
  // One of the test runner may have ended meanwhile.
  return { listeners: controller.listeners(), timers: Math.max(timers() - before, 0) };
}

test.each(Object.entries(OPERATIONS))('%s leaves neither timers nor listeners when it succeeds', async (_, call) => {
  const filesystem = new MapFilesystem();
  await casUpdate(filesystem, '/n', codec, () => CasApply.write(1));
  for (let round = 0; round < 10; round += 1)
    expect(await leftBy((options) => call(filesystem, options), false)).toEqual(NOTHING);
});

test.each(Object.entries(OPERATIONS))('%s leaves neither when it fails, at whatever call', async (_, call) => {
  for (const on of ['_get', '_put', '_delete', '_scan'] as const) {
    for (const when of ['before', 'after'] as const) {
      const filesystem = new MapFilesystem();
      await casUpdate(filesystem, '/n', codec, () => CasApply.write(1));
      filesystem[when](on, () => {
        throw new HoldfastError('STORAGE_FULL', 'full');
      });
      expect(await leftBy((options) => call(filesystem, options), false)).toEqual(NOTHING);
    }
  }
});

test.each(Object.entries(OPERATIONS))('%s leaves neither when it is aborted while it hangs', async (_, call) => {
  for (const on of ['_get', '_put', '_delete', '_scan'] as const) {
    const filesystem = new MapFilesystem();
    await casUpdate(filesystem, '/n', codec, () => CasApply.write(1));
    filesystem.before(on, never);
    expect(await leftBy((options) => call(filesystem, options), true)).toEqual(NOTHING);
  }
});

test('a casUpdate that is aborted while it decides leaves neither', async () => {
  const filesystem = new MapFilesystem();
  expect(await leftBy((options) => casUpdate(filesystem, '/n', codec, () => never(), options), true)).toEqual(NOTHING);
});

test('a casUpdate that is aborted while it backs off leaves neither', async () => {
  const filesystem = new MapFilesystem();
  filesystem.before('_put', () => {
    throw new HoldfastError('BUSY', 'busy');
  });
  const slow = { backoffMinMs: 100_000, backoffMaxMs: 100_000, random: () => 0.9 };
  const update = (options: OperationOptions): Promise<unknown> =>
    casUpdate(filesystem, '/n', codec, () => CasApply.write(1), { ...options, ...slow });
  expect(await leftBy(update, true)).toEqual(NOTHING);
});

test('a signal that many calls share has no listener of a finished one', async () => {
  const filesystem = new MapFilesystem();
  const controller = countingController();
  const calls = Array.from({ length: 50 }, () =>
    Object.values(OPERATIONS).map((call) => call(filesystem, { signal: controller.signal })),
  ).flat();
  await Promise.allSettled(calls);
  expect(controller.listeners()).toBe(0);
});
