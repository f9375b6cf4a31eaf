import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { collect } from '../../test/support/collect.ts';
import { throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { MeterLike } from './tracing/meter-like.ts';
import type { SpanLike, TracerLike } from './tracing/tracer-like.ts';
import { withTracing } from './with-tracing.ts';

failOnUnhandledRejections();

type Start = (run: (span: SpanLike) => void) => unknown;

const boom = (): never => {
  throw new Error('the telemetry is broken');
};
const rejected = (): never => Promise.reject(new Error('the telemetry is broken')) as never;
const sound: SpanLike = { setAttributes: () => {}, setStatus: () => {}, end: () => {} };

const STARTS: readonly (readonly [string, Start])[] = [
  ['throws', boom],
  ['rejects', rejected],
  ['never runs what it is given', () => {}],
  ['runs it later', (run) => setImmediate(() => run(sound))],
  [
    'runs it twice',
    (run) => {
      run(sound);
      run(sound);
    },
  ],
  [
    'throws after it ran it',
    (run) => {
      run(sound);
      boom();
    },
  ],
  [
    'rejects after it ran it',
    (run) => {
      run(sound);
      return rejected();
    },
  ],
  ['has no span', (run) => run(undefined as never)],
  ['has a span of null', (run) => run(null as never)],
  ['has a span without methods', (run) => run({} as never)],
  ['has a span that throws', (run) => run({ setAttributes: boom, setStatus: boom, end: boom })],
  ['has a span that rejects', (run) => run({ setAttributes: rejected, setStatus: rejected, end: rejected })],
  ['has a span that throws when it is looked at', (run) => run(new Proxy({}, { get: boom }) as SpanLike)],
];

const METERS: readonly (readonly [string, MeterLike])[] = [
  ['creates nothing', { createHistogram: boom, createCounter: boom }],
  ['creates undefined', { createHistogram: () => undefined as never, createCounter: () => undefined as never }],
  ['measures nothing', { createHistogram: () => ({ record: boom }), createCounter: () => ({ add: boom }) }],
  ['rejects', { createHistogram: () => ({ record: rejected }), createCounter: () => ({ add: rejected }) }],
];

/** Does everything once, sees that it is done once, and gives how often the backend was called. */
async function useOf(backend: MapFilesystem, filesystem: RootFilesystem): Promise<object> {
  const entry = { body: bytes('x') };
  const { version } = await filesystem.put('/a', entry, 'absent');
  expect(await filesystem.get('/a')).toMatchObject({ version });
  expect((await filesystem.list('/')).children).toHaveLength(1);
  expect(await collect(filesystem.entries('/'))).toHaveLength(1);
  expect(await filesystem.delete('/a', 'any')).toEqual({ deleted: true });
  const result = await casUpdate(filesystem, '/c', jsonCodec<number>({ kind: 'n' }), () => CasApply.write(1, 'done'));
  expect(result).toMatchObject({ outcome: 'done', written: true, attempts: 1 });
  const calls = { get: backend.count('_get'), put: backend.count('_put'), delete: backend.count('_delete') };
  await backend.put('/b', entry, 'absent');
  expect(await typedRejection(filesystem.put('/b', entry, 'absent'))).toMatchObject({ code: 'VERSION_MISMATCH' });
  await filesystem.close();
  await settled();
  expect(await typedRejection(filesystem.get('/a'))).toMatchObject({ code: 'CLOSED' });
  expect(await typedRejection(filesystem.entries('/').next())).toMatchObject({ code: 'CLOSED' });
  return calls;
}

const ONCE = { get: 2, put: 2, delete: 1 };

test.each(STARTS)('operations work under a tracer that %s', async (_, start) => {
  const backend = new MapFilesystem();
  const tracer: TracerLike = { startActiveSpan: (_name, _options, run) => start(run) };
  expect(await useOf(backend, withTracing(backend, { tracer }))).toEqual(ONCE);
});

test.each(METERS)('operations work under a meter that %s', async (_, meter) => {
  const backend = new MapFilesystem();
  expect(await useOf(backend, withTracing(backend, { meter }))).toEqual(ONCE);
});

test('a span whose attributes and status are refused ends all the same', async () => {
  let ends = 0;
  const span: SpanLike = { setAttributes: boom, setStatus: boom, end: () => (ends += 1) };
  const tracer: TracerLike = { startActiveSpan: (_name, _options, run) => run(span) };
  await typedRejection(withTracing(new MapFilesystem(), { tracer }).get('not a path'));
  expect(ends).toBe(1);
});

test('what a tracer and a meter do with the attributes they are given changes nothing for the next', async () => {
  const seen: object[] = [];
  const keep = (attributes: Record<string, unknown>): void => {
    seen.push({ ...attributes });
    for (const key of Object.keys(attributes)) attributes[key] = 'changed';
  };
  const tracer: TracerLike = {
    startActiveSpan: (_name, { attributes }, run) => {
      keep(attributes);
      run(sound);
    },
  };
  const meter: MeterLike = {
    createHistogram: () => ({ record: (_value, attributes) => keep(attributes) }),
    createCounter: () => ({ add: (_value, attributes) => keep(attributes) }),
  };
  const filesystem = withTracing(new MapFilesystem(), { tracer, meter });
  await filesystem.get('/a');
  await filesystem.get('/a');
  const expected = { 'db.system.name': 'holdfast', 'db.operation.name': 'get' };
  expect(seen).toEqual([expected, expected, expected, expected]);
});

test('an answer that throws when it is looked at is passed on', async () => {
  const page = throwingGetter('children');
  const deletion = throwingGetter('deleted');
  const stranger = { capabilitiesAt: () => ({}), get: boom, list: async () => page, delete: async () => deletion };
  const tracer: TracerLike = { startActiveSpan: (_name, _options, run) => run(sound) };
  const filesystem = withTracing(stranger as unknown as RootFilesystem, { tracer });
  expect(Object.is(await filesystem.list('/'), page)).toBe(true);
  expect(Object.is(await filesystem.delete('/a', 'any'), deletion)).toBe(true);
});

test.each<[string, unknown]>([
  ['options', null],
  ['options', 5],
  ['options', { tracr: {} }],
  ['tracer', { tracer: null }],
  ['tracer', { tracer: {} }],
  ['tracer', { tracer: 'tracer' }],
  ['tracer', { tracer: { startSpan: () => {} } }],
  ['tracer', { tracer: new Proxy({}, { get: boom }) }],
  ['meter', { meter: null }],
  ['meter', { meter: { createHistogram: () => {} } }],
  ['meter', { meter: new Proxy({}, { get: boom }) }],
  ['system', { system: '' }],
  ['system', { system: 5 }],
  ['system', { system: 'postgres://user:secret@host/db' }],
  ['system', { system: 'a'.repeat(65) }],
  ['paths', { paths: 'some' }],
  ['paths', { paths: true }],
])('options are checked: %s, %#', (name, options) => {
  const error = typedThrow(() => withTracing(new MapFilesystem(), options as never));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toContain(name);
  expect(error.message).not.toContain('secret');
});

test('what is no filesystem is refused', () => {
  expect(typedThrow(() => withTracing(Promise.resolve() as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
});
