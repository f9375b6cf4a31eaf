import { SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { collect } from '../../../test/support/collect.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection, typedRejection } from '../../../test/support/rejection.ts';
import { nestSpans, Spans } from '../../../test/support/telemetry.ts';
import { failOnUnhandledRejections } from '../../../test/support/unhandled.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { withTracing } from '../with-tracing.ts';

failOnUnhandledRejections();
nestSpans();

async function traced() {
  const backend = new MapFilesystem();
  for (const name of ['a', 'b', 'c', 'd', 'e']) await backend.put(`/${name}`, { body: new Uint8Array() }, 'absent');
  const spans = new Spans();
  return { backend, spans, filesystem: withTracing(backend, { tracer: spans.tracer }) };
}

const of = (returned: number) => ({
  'db.system.name': 'holdfast',
  'db.operation.name': 'entries',
  'db.response.returned_rows': returned,
});

test('a whole iteration has one span, with the number of entries', async () => {
  const { filesystem, spans } = await traced();
  expect(await collect(filesystem.entries('/', { pageSize: 2 }))).toHaveLength(5);
  const { attributes, status } = spans.only('entries');
  expect(attributes).toEqual(of(5));
  expect(status.code).toBe(SpanStatusCode.UNSET);
});

test('one that nobody begins has none', async () => {
  const { filesystem, spans } = await traced();
  const entries = filesystem.entries('/');
  await entries.return?.();
  expect(spans.ended).toEqual([]);
});

test('the span is active while pages are fetched, and not while entries are consumed', async () => {
  const { filesystem, backend, spans } = await traced();
  backend.before('_scan', async () => {
    await Promise.resolve();
    spans.tracer.startSpan('SELECT').end();
  });
  await spans.tracer.startActiveSpan('request', async (request) => {
    for await (const _ of filesystem.entries('/', { pageSize: 4 })) spans.tracer.startSpan('consume').end();
    request.end();
  });
  expect(new Set(spans.tree)).toEqual(
    new Set(['request > entries > SELECT', 'request > consume', 'request > entries', 'request']),
  );
  expect(spans.tree.filter((it) => it === 'request > entries > SELECT').length).toBeGreaterThan(1);
});

test('it ends when the consumer stops early, which is no failure', async () => {
  const { filesystem, spans } = await traced();
  for await (const { path } of filesystem.entries('/', { pageSize: 1 })) if (path === '/b') break;
  const { attributes, status } = spans.only('entries');
  expect(attributes).toEqual(of(2));
  expect(status.code).toBe(SpanStatusCode.UNSET);
});

test('stopping early ends what is below too, and when that fails, so does the iteration', async () => {
  const spans = new Spans();
  let returns = 0;
  const below = {
    capabilitiesAt: () => ({}),
    get: async () => {},
    entries: () => ({
      next: async () => ({ done: false, value: {} }),
      return: async () => {
        returns += 1;
        throw new HoldfastError('UNAVAILABLE', 'gone');
      },
    }),
  };
  const entries = withTracing(below as unknown as RootFilesystem, { tracer: spans.tracer }).entries('/');
  await entries.next();
  expect(await typedRejection(entries.return?.() as Promise<unknown>)).toMatchObject({ code: 'UNAVAILABLE' });
  expect(returns).toBe(1);
  expect(spans.only('entries').attributes).toEqual({ ...of(1), 'error.type': 'UNAVAILABLE' });
});

test('it ends when the consumer throws, which is no failure of the store', async () => {
  const { filesystem, spans } = await traced();
  const iterate = async () => {
    for await (const { path } of filesystem.entries('/')) throw new Error(`cannot bear ${path}`);
  };
  await rejection(iterate());
  const { attributes, status, events } = spans.only('entries');
  expect(attributes).toEqual(of(1));
  expect({ status, events }).toEqual({ status: { code: SpanStatusCode.UNSET }, events: [] });
});

test('it ends when the consumer throws into the iteration', async () => {
  const { filesystem, spans } = await traced();
  const entries = filesystem.entries('/');
  await entries.next();
  const thrown = new Error('mine');
  expect(await rejection(entries.throw?.(thrown) as Promise<unknown>)).toBe(thrown);
  expect(spans.only('entries').status.code).toBe(SpanStatusCode.UNSET);
});

test('a page that fails is a failure of the iteration, after what came before it', async () => {
  const { filesystem, backend, spans } = await traced();
  backend.before('_scan', (_context, nth) => {
    if (nth === 2) throw new HoldfastError('UNAVAILABLE', 'gone');
  });
  expect(await typedRejection(collect(filesystem.entries('/', { pageSize: 2 })))).toMatchObject({
    code: 'UNAVAILABLE',
  });
  const { attributes, status } = spans.only('entries');
  expect(status.code).toBe(SpanStatusCode.ERROR);
  expect(attributes['error.type']).toBe('UNAVAILABLE');
  expect(attributes['db.response.returned_rows']).toBeGreaterThan(0);
});

test('closing the layer while it iterates is a failure of the iteration', async () => {
  const { filesystem, spans } = await traced();
  const entries = filesystem.entries('/', { pageSize: 1 });
  await entries.next();
  await filesystem.close();
  expect(await typedRejection(entries.next())).toMatchObject({ code: 'CLOSED', operation: 'entries' });
  expect(spans.only('entries').attributes).toEqual({ ...of(1), 'error.type': 'CLOSED' });
});

test('two iterations at once keep their spans apart', async () => {
  const { filesystem, backend, spans } = await traced();
  backend.before('_scan', () => spans.tracer.startSpan('SELECT').end());
  const [one, other] = [filesystem.entries('/', { pageSize: 2 }), filesystem.entries('/', { pageSize: 2 })];
  for (let turn = 0; turn < 6; turn += 1) {
    await one.next();
    await other.next();
  }
  const ids = spans.ended.filter(({ name }) => name === 'entries').map((it) => it.spanContext().spanId);
  const below = (id: string | undefined) => spans.ended.filter((it) => it.parentSpanContext?.spanId === id).length;
  expect(ids).toHaveLength(2);
  expect(below(ids[0])).toBeGreaterThan(1);
  expect(below(ids[1])).toBe(below(ids[0]));
});
