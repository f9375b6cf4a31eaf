import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { nestSpans, Spans } from '../../test/support/telemetry.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { Layer } from './layer.ts';
import { withPrefix } from './with-prefix.ts';
import { withTracing } from './with-tracing.ts';

failOnUnhandledRejections();
nestSpans();

interface Counter {
  readonly count: number;
}

const codec = jsonCodec<Counter>({ kind: 'counter' });
const increment = (current: Counter | undefined) => CasApply.write({ count: (current?.count ?? 0) + 1 });
const FAST = { backoffMinMs: 0, backoffMaxMs: 0 };

function traced() {
  const backend = new MapFilesystem();
  const spans = new Spans();
  return { backend, spans, filesystem: withTracing(backend, { tracer: spans.tracer }) };
}

/** Loses so many races. */
function conflicts(backend: MapFilesystem, times: number): void {
  backend.before('_put', (_context, nth) => {
    if (nth <= times) throw new HoldfastError('VERSION_MISMATCH', 'somebody was faster', { outcome: 'not-applied' });
  });
}

test('an update has one span, below the active one and above those of its reads and writes', async () => {
  const { filesystem, spans } = traced();
  await spans.tracer.startActiveSpan('request', async (request) => {
    await casUpdate(filesystem, '/a', codec, increment);
    request.end();
  });
  expect(spans.tree).toEqual([
    'request > casUpdate > get',
    'request > casUpdate > put',
    'request > casUpdate',
    'request',
  ]);
  const { kind, status, attributes } = spans.only('casUpdate');
  expect({ kind, status }).toEqual({ kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
  expect(attributes).toEqual({
    'db.system.name': 'holdfast',
    'db.operation.name': 'casUpdate',
    'holdfast.outcome': 'applied',
    'holdfast.cas.attempts': 1,
    'holdfast.cas.conflicts': 0,
    'holdfast.cas.written': true,
  });
});

test('what apply does is below the span of the update', async () => {
  const { filesystem, spans } = traced();
  await casUpdate(filesystem, '/a', codec, async (current) => {
    await filesystem.get('/b');
    return increment(current);
  });
  expect(spans.tree.filter((it) => it === 'casUpdate > get')).toHaveLength(2);
});

test('a write that loses the race is a conflict of the update, and not an error', async () => {
  const { filesystem, backend, spans } = traced();
  conflicts(backend, 2);
  await casUpdate(filesystem, '/a', codec, increment, FAST);
  expect(spans.only('casUpdate').attributes).toMatchObject({
    'holdfast.outcome': 'applied',
    'holdfast.cas.attempts': 3,
    'holdfast.cas.conflicts': 2,
    'holdfast.cas.written': true,
  });
  const puts = spans.ended.filter(({ name }) => name === 'put');
  expect(puts.map(({ attributes }) => attributes['holdfast.outcome'])).toEqual(['conflict', 'conflict', 'applied']);
  for (const { status, attributes } of puts) {
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).not.toHaveProperty('error.type');
  }
});

test('a write of which nobody knows whether it lost is an error of the update and its own', async () => {
  const spans = new Spans();
  const backend = new PlainFilesystem();
  const filesystem = withTracing(backend.asRoot, { tracer: spans.tracer });
  backend.before = ({ method }) => {
    if (method === 'put') throw new HoldfastError('VERSION_MISMATCH', 'who knows', { outcome: 'unknown' });
  };
  await typedRejection(casUpdate(filesystem, '/a', codec, increment, FAST));
  const failed = spans.ended.filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ name, attributes }) => [name, attributes['holdfast.outcome']])).toEqual([
    ['put', 'unknown'],
    ['casUpdate', 'unknown'],
  ]);
});

test('a delete that loses the race is a conflict too', async () => {
  const { filesystem, backend, spans } = traced();
  await casUpdate(backend, '/a', codec, increment);
  backend.before('_delete', (_context, nth) => {
    if (nth === 1) throw new HoldfastError('VERSION_MISMATCH', 'somebody was faster', { outcome: 'not-applied' });
  });
  await casUpdate(filesystem, '/a', codec, () => CasApply.delete(), FAST);
  const deletes = spans.ended.filter(({ name }) => name === 'delete');
  expect(deletes.map(({ attributes }) => attributes['holdfast.outcome'])).toEqual(['conflict', 'applied']);
  expect(spans.only('casUpdate').attributes).toMatchObject({ 'holdfast.cas.conflicts': 1 });
});

test('after the update, and at other paths, a lost race is an error again', async () => {
  const { filesystem, spans } = traced();
  const entry = { body: new Uint8Array() };
  await filesystem.put('/b', entry, 'absent');
  await casUpdate(filesystem, '/a', codec, async (current) => {
    await rejection(filesystem.put('/b', entry, 'absent'));
    return increment(current);
  });
  await rejection(filesystem.put('/a', entry, 'absent'));
  const failed = spans.ended.filter(({ status }) => status.code === SpanStatusCode.ERROR);
  expect(failed.map(({ attributes }) => attributes['error.type'])).toEqual(['VERSION_MISMATCH', 'VERSION_MISMATCH']);
});

test('of two updates of one path that overlap, the one that ends first does not end the other', async () => {
  const { filesystem, spans } = traced();
  await casUpdate(
    filesystem,
    '/a',
    codec,
    async (current, { attempt }) => {
      if (attempt === 1) await casUpdate(filesystem, '/a', codec, increment);
      return increment(current);
    },
    FAST,
  );
  const outcomes = spans.ended.filter(({ name }) => name === 'put').map((it) => it.attributes['holdfast.outcome']);
  expect(outcomes).toEqual(['applied', 'conflict', 'applied']);
});

test('an update that decides on nothing has written nothing', async () => {
  const { filesystem, spans } = traced();
  await casUpdate(filesystem, '/a', codec, () => CasApply.noOp());
  expect(spans.only('casUpdate').attributes).toMatchObject({
    'holdfast.outcome': 'unchanged',
    'holdfast.cas.written': false,
  });
});

test('an update that gives up has lost every race', async () => {
  const { filesystem, backend, spans } = traced();
  conflicts(backend, 3);
  await typedRejection(casUpdate(filesystem, '/a', codec, increment, { ...FAST, maxAttempts: 3 }));
  const { status, attributes } = spans.only('casUpdate');
  expect(status).toEqual({ code: SpanStatusCode.ERROR });
  expect(attributes).toEqual({
    'db.system.name': 'holdfast',
    'db.operation.name': 'casUpdate',
    'error.type': 'RETRIES_EXHAUSTED',
    'holdfast.outcome': 'not-applied',
    'holdfast.cas.attempts': 3,
    'holdfast.cas.conflicts': 3,
  });
});

test('an update that is aborted in its second attempt has had one conflict', async () => {
  const { filesystem, backend, spans } = traced();
  conflicts(backend, 1);
  const caller = new AbortController();
  const update = casUpdate(
    filesystem,
    '/a',
    codec,
    (current, { attempt }) => {
      if (attempt === 2) caller.abort();
      return increment(current);
    },
    { ...FAST, signal: caller.signal },
  );
  expect(await typedRejection(update)).toMatchObject({ code: 'ABORTED' });
  expect(spans.only('casUpdate').attributes).toMatchObject({
    'error.type': 'ABORTED',
    'holdfast.outcome': 'not-applied',
    'holdfast.cas.attempts': 2,
    'holdfast.cas.conflicts': 1,
  });
});

test('an error of apply reaches the caller as the same object, and nothing of it reaches the span', async () => {
  const hostile = new Proxy(new Error('the secret'), {
    has: () => {
      throw new Error('looked at');
    },
  });
  for (const thrown of [new TypeError('the secret'), 'the secret', undefined, hostile]) {
    const { filesystem, spans } = traced();
    const update = casUpdate(filesystem, '/a', codec, () => {
      throw thrown;
    });
    const error = await update.then(
      () => ({ caught: false }),
      (caught: unknown) => ({ caught: true, same: Object.is(caught, thrown) }),
    );
    expect(error).toEqual({ caught: true, same: true });
    const { status, attributes, events } = spans.only('casUpdate');
    expect({ status, events }).toEqual({ status: { code: SpanStatusCode.ERROR }, events: [] });
    expect(attributes).toMatchObject({ 'error.type': '_OTHER', 'holdfast.cas.attempts': 1 });
    expect(JSON.stringify(attributes)).not.toContain('secret');
  }
});

test('an update that a layer below refuses before its first attempt has had no conflict', async () => {
  class Refusing extends Layer {
    protected override async _observeUpdate(): Promise<never> {
      throw new HoldfastError('OVERLOADED', 'the queue is full', { operation: 'casUpdate' });
    }
  }
  const spans = new Spans();
  const filesystem = withTracing(new Refusing(new MapFilesystem()), { tracer: spans.tracer });
  await typedRejection(casUpdate(filesystem, '/a', codec, increment));
  expect(spans.only('casUpdate').attributes).toMatchObject({
    'error.type': 'OVERLOADED',
    'holdfast.cas.attempts': 0,
    'holdfast.cas.conflicts': 0,
  });
});

test('an update on a closed layer is a failed one', async () => {
  const { filesystem, spans } = traced();
  await filesystem.close();
  await typedRejection(casUpdate(filesystem, '/a', codec, increment));
  expect(spans.tree).toEqual(['casUpdate > get', 'casUpdate']);
  expect(spans.only('casUpdate').attributes).toMatchObject({ 'error.type': 'CLOSED', 'holdfast.cas.conflicts': 0 });
});

test('every layer on the way sees the update, with its own path', async () => {
  const backend = new MapFilesystem();
  const spans = new Spans();
  const layer = { tracer: spans.tracer, paths: 'full' } as const;
  const inner = withTracing(backend, { ...layer, system: 'sqlite' });
  const outer = withTracing(withPrefix(inner, '/tenants/7'), layer);
  conflicts(backend, 1);
  await casUpdate(outer, '/a', codec, increment, FAST);
  const updates = spans.ended.filter(({ name }) => name === 'casUpdate');
  expect(updates.map(({ attributes }) => [attributes['holdfast.path'], attributes['holdfast.cas.attempts']])).toEqual([
    ['/tenants/7/a', 2],
    ['/a', 2],
  ]);
  expect(spans.tree.at(-3)).toBe('casUpdate > casUpdate > put');
  expect(spans.ended.filter(({ status }) => status.code === SpanStatusCode.ERROR)).toEqual([]);
});
