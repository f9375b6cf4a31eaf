import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { never } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { nestSpans, Spans } from '../../test/support/telemetry.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import type { OperationOptions } from '../filesystem/operation-options.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { TracingOptions } from './tracing/tracing-options.ts';
import { withTracing } from './with-tracing.ts';

failOnUnhandledRejections();
nestSpans();

const entry = { body: bytes('secret body') };

function traced(options: TracingOptions = {}) {
  const backend = new MapFilesystem();
  const spans = new Spans();
  return { backend, spans, filesystem: withTracing(backend, { tracer: spans.tracer, ...options }) };
}

test('each operation has one span, of the database conventions', async () => {
  const { filesystem, spans } = traced({ system: 'sqlite' });
  await filesystem.put('/d/a', entry, 'absent');
  await filesystem.get('/d/a');
  await filesystem.list('/d');
  await filesystem.delete('/d/a', 'any');
  const of = (operation: string) => ({ 'db.system.name': 'sqlite', 'db.operation.name': operation });
  expect(spans.ended.map(({ name, attributes }) => [name, attributes])).toEqual([
    ['put', { ...of('put'), 'holdfast.outcome': 'applied' }],
    ['get', { ...of('get'), 'db.response.returned_rows': 1 }],
    ['list', { ...of('list'), 'db.response.returned_rows': 1 }],
    ['delete', { ...of('delete'), 'holdfast.outcome': 'applied' }],
  ]);
  for (const { kind, status } of spans.ended) {
    expect(kind).toBe(SpanKind.CLIENT);
    expect(status).toEqual({ code: SpanStatusCode.UNSET });
  }
});

test('what was not there is told from what was', async () => {
  const { filesystem, spans } = traced();
  expect(await filesystem.get('/a')).toBeUndefined();
  expect(await filesystem.delete('/a', 'any')).toEqual({ deleted: false });
  expect(spans.only('get').attributes).toMatchObject({ 'db.response.returned_rows': 0 });
  expect(spans.only('delete').attributes).toMatchObject({ 'holdfast.outcome': 'unchanged' });
});

test('a span is below the one that is active where the operation is called, and that is active again after it', async () => {
  const { filesystem, spans } = traced();
  await spans.tracer.startActiveSpan('request', async (request) => {
    await filesystem.get('/a');
    await filesystem.put('/a', entry, 'any');
    request.end();
  });
  expect(spans.tree).toEqual(['request > get', 'request > put', 'request']);
});

test('what the backend does is below the span of the operation', async () => {
  const { filesystem, backend, spans } = traced();
  backend.before('_get', async () => {
    await Promise.resolve();
    spans.tracer.startSpan('SELECT').end();
  });
  await Promise.all([filesystem.get('/a'), filesystem.get('/b')]);
  expect(spans.tree.toSorted()).toEqual(['get', 'get', 'get > SELECT', 'get > SELECT']);
});

test('a failed operation has the status, the code and the outcome of its error, and nothing else of it', async () => {
  const { filesystem, backend, spans } = traced();
  backend.before('_put', () => {
    throw new HoldfastError('OUTCOME_UNKNOWN', 'lost', { outcome: 'unknown', cause: new Error('password=hunter2') });
  });
  expect(await typedRejection(filesystem.put('/a', entry, 'any'))).toMatchObject({ code: 'OUTCOME_UNKNOWN' });
  const span = spans.only('put');
  expect(span.status).toEqual({ code: SpanStatusCode.ERROR });
  expect(span.events).toEqual([]);
  expect(span.attributes).toEqual({
    'db.system.name': 'holdfast',
    'db.operation.name': 'put',
    'error.type': 'OUTCOME_UNKNOWN',
    'holdfast.outcome': 'unknown',
  });
});

test('a lost race outside of casUpdate is an error', async () => {
  const { filesystem, spans } = traced();
  await filesystem.put('/a', entry, 'absent');
  await typedRejection(filesystem.put('/a', entry, 'absent'));
  expect(spans.ended[1]?.status.code).toBe(SpanStatusCode.ERROR);
  expect(spans.ended[1]?.attributes).toMatchObject({
    'error.type': 'VERSION_MISMATCH',
    'holdfast.outcome': 'not-applied',
  });
});

const CALLS: readonly (readonly [
  string,
  (it: RootFilesystem, path: string, o?: OperationOptions) => Promise<unknown>,
])[] = [
  ['get', (it, path, options) => it.get(path, options)],
  ['put', (it, path, options) => it.put(path, entry, 'any', options)],
  ['delete', (it, path, options) => it.delete(path, 'any', options)],
  ['list', (it, path, options) => it.list(path, options)],
  ['entries', (it, path, options) => it.entries(path, options).next()],
];

test.each(CALLS)('refusals of %s are its failures too', async (name, call) => {
  const { filesystem, spans } = traced({ paths: 'full' });
  expect(await typedRejection(call(filesystem, 'C:\\Users\\me'))).toMatchObject({ code: 'INVALID_PATH' });
  expect(await typedRejection(call(filesystem, 5 as never))).toMatchObject({ code: 'INVALID_PATH' });
  expect(await typedRejection(call(filesystem, '/a', 5 as never))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(await typedRejection(call(filesystem, '/a', { timeoutMs: 0 }))).toMatchObject({ code: 'TIMEOUT' });
  expect(await typedRejection(call(filesystem, '/a', { signal: AbortSignal.abort() }))).toMatchObject({
    code: 'ABORTED',
  });
  await filesystem.close();
  expect(await typedRejection(call(filesystem, '/a'))).toMatchObject({ code: 'CLOSED' });
  expect(spans.ended.every((span) => span.name === name && span.status.code === SpanStatusCode.ERROR)).toBe(true);
  expect(spans.ended.map(({ attributes }) => [attributes['error.type'], attributes['holdfast.path']])).toEqual([
    ['INVALID_PATH', undefined],
    ['INVALID_PATH', undefined],
    ['INVALID_ARGUMENT', '/a'],
    ['TIMEOUT', '/a'],
    ['ABORTED', '/a'],
    ['CLOSED', '/a'],
  ]);
});

test('an operation that times out or is aborted while it hangs ends its span then', async () => {
  const { filesystem, backend, spans } = traced();
  backend.before('_get', never);
  const caller = new AbortController();
  const calls = [filesystem.get('/a', { timeoutMs: 5 }), filesystem.get('/a', { signal: caller.signal })];
  expect(spans.ended).toEqual([]);
  await rejection(calls[0] as Promise<unknown>);
  caller.abort();
  await rejection(calls[1] as Promise<unknown>);
  expect(spans.ended.map(({ attributes }) => attributes['error.type'])).toEqual(['TIMEOUT', 'ABORTED']);
});

test('paths are told only when that is asked for', async () => {
  const { filesystem: silent, spans: without } = traced();
  await silent.get('/tenants/7');
  expect(JSON.stringify(without.ended[0]?.attributes)).not.toContain('tenants');
  const { filesystem: open, spans: withPaths } = traced({ paths: 'full' });
  await open.get('/tenants/7');
  expect(withPaths.ended[0]?.attributes).toMatchObject({ 'holdfast.path': '/tenants/7' });
});

test('two layers have a span each, the inner one below the outer one', async () => {
  const spans = new Spans();
  const inner = withTracing(new MapFilesystem(), { tracer: spans.tracer, system: 'sqlite' });
  await withTracing(inner, { tracer: spans.tracer }).get('/a');
  expect(spans.tree).toEqual(['get > get', 'get']);
  expect(spans.ended.map(({ attributes }) => attributes['db.system.name'])).toEqual(['sqlite', 'holdfast']);
});

test('arguments, answers and errors are passed on as they are, and closing closes what is below', async () => {
  const { filesystem, backend } = traced();
  const { version } = await filesystem.put('/a', { ...entry, kind: 'k' }, 'absent');
  expect(await filesystem.get('/a')).toEqual(await backend.get('/a'));
  expect(backend.stored.get('/a')).toMatchObject({ version, kind: 'k' });
  expect(filesystem.capabilitiesAt('/a')).toBe(backend.capabilitiesAt('/a'));
  const closed = filesystem.close();
  expect(filesystem.close()).toBe(closed);
  await closed;
  expect(backend.count('_close')).toBe(1);
});
