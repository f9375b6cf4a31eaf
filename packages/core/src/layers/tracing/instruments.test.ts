import { expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection } from '../../../test/support/rejection.ts';
import { Metrics } from '../../../test/support/telemetry.ts';
import { failOnUnhandledRejections } from '../../../test/support/unhandled.ts';
import { CasApply } from '../../cas/cas-apply.ts';
import { casUpdate } from '../../cas/cas-update.ts';
import { jsonCodec } from '../../codecs/json-codec.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import { withTracing } from '../with-tracing.ts';

failOnUnhandledRejections();

const entry = { body: new Uint8Array() };

function measured() {
  const backend = new MapFilesystem();
  const metrics = new Metrics();
  return {
    backend,
    metrics,
    filesystem: withTracing(backend, { meter: metrics.meter, system: 'sqlite', paths: 'full' }),
  };
}

test('every operation is counted with its duration, by operation, outcome and error, and never by path', async () => {
  const { filesystem, metrics } = measured();
  await filesystem.put('/a', entry, 'absent');
  await filesystem.put('/b', entry, 'absent');
  await rejection(filesystem.put('/b', entry, 'absent'));
  await filesystem.get('/a');
  await rejection(filesystem.get('a'));
  await filesystem.list('/');
  await collect(filesystem.entries('/'));
  await filesystem.delete('/a', 'any');
  const all = await metrics.measured();
  expect(new Set(all.map(({ name, unit }) => `${name} ${unit}`))).toEqual(new Set(['db.client.operation.duration s']));
  const of = (operation: string, rest: object = {}) => ({
    'db.system.name': 'sqlite',
    'db.operation.name': operation,
    ...rest,
  });
  expect(all.map(({ attributes, count }) => [attributes, count])).toEqual([
    [of('put', { 'holdfast.outcome': 'applied' }), 2],
    [of('put', { 'holdfast.outcome': 'not-applied', 'error.type': 'VERSION_MISMATCH' }), 1],
    [of('get'), 1],
    [of('get', { 'error.type': 'INVALID_PATH' }), 1],
    [of('list'), 1],
    [of('entries'), 1],
    [of('delete', { 'holdfast.outcome': 'applied' }), 1],
  ]);
  expect(all[0]?.boundaries).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]);
});

test('durations are in seconds', async () => {
  const { filesystem, backend, metrics } = measured();
  backend.before('_get', () => new Promise((resolve) => setTimeout(resolve, 50)));
  await filesystem.get('/a');
  const [duration] = await metrics.measured();
  expect(duration?.sum).toBeGreaterThan(0.045);
  expect(duration?.sum).toBeLessThan(20);
});

test('updates are measured with their attempts and conflicts', async () => {
  const { filesystem, backend, metrics } = measured();
  const codec = jsonCodec<number>({ kind: 'number' });
  const fast = { backoffMinMs: 0, backoffMaxMs: 0, maxAttempts: 4 };
  const update = () => casUpdate(filesystem, '/a', codec, (current = 0) => CasApply.write(current + 1), fast);
  const fails = (...lost: number[]): void => {
    const before = backend.count('_put');
    backend.before('_put', (_context, nth) => {
      if (lost.includes(nth - before)) throw new HoldfastError('VERSION_MISMATCH', 'lost', { outcome: 'not-applied' });
    });
  };
  await update();
  fails(1, 2);
  await update();
  fails(1, 2, 3, 4);
  await rejection(update());
  const all = await metrics.measured();
  const rows = (wanted: string) =>
    all.filter(({ name }) => name === wanted).map(({ attributes, count, sum }) => ({ attributes, count, sum }));
  const of = { 'db.system.name': 'sqlite', 'db.operation.name': 'casUpdate' };
  const gaveUp = { ...of, 'error.type': 'RETRIES_EXHAUSTED', 'holdfast.outcome': 'not-applied' };
  expect(rows('holdfast.cas.attempts')).toEqual([
    { attributes: { ...of, 'holdfast.outcome': 'applied' }, count: 2, sum: 4 },
    { attributes: gaveUp, count: 1, sum: 4 },
  ]);
  expect(rows('holdfast.cas.conflicts')).toEqual([{ attributes: of, count: undefined, sum: 6 }]);
  const lostPuts = rows('db.client.operation.duration').find(
    ({ attributes }) => (attributes as Record<string, unknown>)['holdfast.outcome'] === 'conflict',
  );
  expect(lostPuts).toMatchObject({
    attributes: { 'db.system.name': 'sqlite', 'db.operation.name': 'put', 'holdfast.outcome': 'conflict' },
    count: 6,
  });
});
