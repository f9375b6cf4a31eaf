import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { expect, test } from 'vitest';
import { deferred } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { SATURATION_CHANNEL, type SaturationMessage } from '../diagnostics/saturation.ts';
import { withConcurrencyLimit } from './with-concurrency-limit.ts';

failOnUnhandledRejections();

/** What is published while it is in use. */
function listen() {
  const messages: SaturationMessage[] = [];
  const note = (message: unknown): void => void messages.push(message as SaturationMessage);
  subscribe(SATURATION_CHANNEL, note);
  return { messages, [Symbol.dispose]: () => void unsubscribe(SATURATION_CHANNEL, note) };
}

test('80 % of a bound are published once, until there is room again', async () => {
  const backend = new MapFilesystem();
  const filesystem = withConcurrencyLimit(backend, { reads: { limit: 10, queue: 10 } });
  using heard = listen();
  for (let round = 0; round < 2; round += 1) {
    const held = deferred();
    backend.before('_get', () => held.promise);
    const gets = Array.from({ length: 20 }, () => filesystem.get('/a'));
    held.resolve();
    await Promise.all(gets);
    backend.heal();
  }
  const limit = { bound: 'withConcurrencyLimit reads.limit', used: 8, limit: 10 };
  const queue = { bound: 'withConcurrencyLimit reads.queue', used: 8, limit: 10 };
  expect(heard.messages).toEqual([limit, queue, limit, queue]);
});

test('what is published says whose bound it is, if that has a name', async () => {
  using heard = listen();
  await withConcurrencyLimit(new MapFilesystem(), { reads: { limit: 1 }, name: 'records' }).get('/a');
  expect(heard.messages).toEqual([{ bound: 'withConcurrencyLimit reads.limit', name: 'records', used: 1, limit: 1 }]);
  expect(typedThrow(() => withConcurrencyLimit(new MapFilesystem(), { name: 5 as unknown as string })).code).toBe(
    'INVALID_ARGUMENT',
  );
});

test('bounds of one are published each time they are reached', async () => {
  const backend = new MapFilesystem();
  const filesystem = withConcurrencyLimit(backend, { reads: { limit: 1, queue: 1 } });
  using heard = listen();
  for (let round = 0; round < 2; round += 1) {
    const held = deferred();
    backend.before('_get', () => held.promise);
    const gets = [filesystem.get('/a'), filesystem.get('/a')];
    held.resolve();
    await Promise.all(gets);
  }
  const bounds = heard.messages.map(({ bound }) => bound);
  expect(bounds.filter((bound) => bound === 'withConcurrencyLimit reads.queue')).toHaveLength(2);
  expect(bounds.filter((bound) => bound === 'withConcurrencyLimit reads.limit').length).toBeGreaterThan(1);
});
