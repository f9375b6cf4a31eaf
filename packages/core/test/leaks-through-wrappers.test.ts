import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { commit } from '../src/operations/commit/commit.ts';
import { transact } from '../src/transact/transact.ts';
import { bytes } from './support/bytes.ts';
import { collect } from './support/collect.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { WRAPS } from './support/core-wrappers.ts';
import { countingController } from './support/counting-signal.ts';
import { never } from './support/deferred.ts';
import { failOnUnhandledRejections, settled } from './support/unhandled.ts';

failOnUnhandledRejections();

const codec = jsonCodec<number>({ kind: 'n' });
const entry = { body: bytes('x') };
const CALLS = ['_get', '_put', '_delete', '_commit', '_scan'] as const;

function everyOperation(filesystem: RootFilesystem, options: OperationOptions): Promise<unknown>[] {
  return [
    filesystem.get('/a', options),
    filesystem.put('/a', entry, 'any', options),
    filesystem.delete('/a', 'any', options),
    filesystem.list('/', options),
    collect(filesystem.entries('/', options)),
    casUpdate(filesystem, '/n', codec, (n) => CasApply.write((n ?? 0) + 1), options),
    commit(
      filesystem,
      [
        { put: '/a', entry, expectation: 'any' },
        { check: '/none', expectation: 'absent' },
      ],
      options,
    ),
    commit(filesystem, [{ check: '/none', expectation: 'absent' }], options),
    transact(filesystem, async (tx) => tx.put('/m', codec, ((await tx.get('/m', codec)) ?? 0) + 1), options),
  ];
}

/** The calls wait for each other, so that some of them are in a queue. */
function queued(filesystem: RootFilesystem): RootFilesystem {
  return withConcurrencyLimit(filesystem, { reads: { limit: 1 }, writes: { limit: 1 } });
}

function timers(): number {
  return process.getActiveResourcesInfo().filter((it) => it === 'Timeout').length;
}

test.each(Object.entries(WRAPS))(
  'a signal that many calls through %s share has no listener of a finished one',
  async (_, wrap) => {
    const backend = new CommittingFilesystem();
    const filesystem = wrap(queued(wrap(backend)));
    const controller = countingController();
    const before = timers();
    const options = { signal: controller.signal, timeoutMs: 1_000_000 };
    for (let round = 0; round < 3; round += 1) {
      await Promise.allSettled(Array.from({ length: 5 }, () => everyOperation(filesystem, options)).flat());
      expect(controller.listeners()).toBe(0);
    }
    let busy = 0;
    for (const call of CALLS) {
      backend.before(call, () => {
        busy += 1;
        if (busy % 3 === 0) throw new HoldfastError('BUSY', 'held');
        if (busy % 7 === 0) throw new HoldfastError('UNAVAILABLE', 'cut', { outcome: 'unknown' });
      });
    }
    await Promise.allSettled(Array.from({ length: 5 }, () => everyOperation(filesystem, options)).flat());
    expect(controller.listeners()).toBe(0);
    expect(Math.max(0, timers() - before)).toBe(0);
  },
);

test.each(Object.entries(WRAPS))(
  'calls through %s that are aborted while they hang or wait leave neither listeners nor timers',
  async (_, wrap) => {
    const backend = new CommittingFilesystem();
    const filesystem = wrap(queued(wrap(backend)));
    for (const call of CALLS) backend.before(call, never);
    const controller = countingController();
    const before = timers();
    const calls = Array.from({ length: 5 }, () =>
      everyOperation(filesystem, { signal: controller.signal, timeoutMs: 1_000_000 }),
    ).flat();
    const ended = Promise.allSettled(calls);
    await settled();
    controller.abort();
    const results = await ended;
    expect(results.map(({ status }) => status)).toEqual(calls.map(() => 'rejected'));
    await settled();
    expect(controller.listeners()).toBe(0);
    expect(Math.max(0, timers() - before)).toBe(0);
  },
);
