import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { expect, test } from 'vitest';
import { CommittingFilesystem } from '../../test/support/committing-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { Metrics, nestSpans, Spans } from '../../test/support/telemetry.ts';
import { failOnUnhandledRejections } from '../../test/support/unhandled.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { mountTable } from '../mounts/mount-table.ts';
import type { Change } from '../operations/commit/change.ts';
import { commit } from '../operations/commit/commit.ts';
import { transact } from '../transact/transact.ts';
import { mintVersion } from '../versions/version.ts';
import { scopedView } from '../views/scoped-view.ts';
import { withPrefix } from './with-prefix.ts';
import { withTracing } from './with-tracing.ts';

failOnUnhandledRejections();
nestSpans();

const codec = jsonCodec<number>({ kind: 'n' });
const FAST = { backoffMinMs: 0, backoffMaxMs: 0 };
const entry = { body: Uint8Array.of(1) };
const put: Change = { put: '/a', entry, expectation: 'absent' };
const check: Change = { check: '/b', expectation: 'absent' };

function traced() {
  const backend = new CommittingFilesystem();
  const spans = new Spans();
  const metrics = new Metrics();
  const layer = { tracer: spans.tracer, meter: metrics.meter, paths: 'full' } as const;
  return { backend, spans, metrics, layer, filesystem: withTracing(backend, layer) };
}

test('a commit has one span, with how many changes it has and what became of them', async () => {
  const { filesystem, spans } = traced();
  await commit(filesystem, [put, check]);
  await commit(filesystem, [check]);
  await typedRejection(commit(filesystem, [check, put, { delete: '/c', expectation: 'any' }]));
  await typedRejection(commit(filesystem, [{ ...put, entry: 5 } as never]));
  const of = { 'db.system.name': 'holdfast', 'db.operation.name': 'commit' };
  expect(spans.ended.map(({ attributes }) => attributes)).toEqual([
    { ...of, 'holdfast.path': '/a', 'holdfast.commit.changes': 2, 'holdfast.outcome': 'applied' },
    { ...of, 'holdfast.path': '/b', 'holdfast.commit.changes': 1, 'holdfast.outcome': 'unchanged' },
    {
      ...of,
      'holdfast.path': '/b',
      'holdfast.commit.changes': 3,
      'holdfast.outcome': 'not-applied',
      'error.type': 'VERSION_MISMATCH',
    },
    { ...of, 'holdfast.path': '/a', 'holdfast.outcome': 'not-applied', 'error.type': 'INVALID_ARGUMENT' },
  ]);
  expect(spans.ended.map(({ kind }) => kind)).toEqual(spans.ended.map(() => SpanKind.CLIENT));
});

test('a transaction has one span, above those of its reads and its commit', async () => {
  const { filesystem, spans, metrics, backend } = traced();
  let raced = false;
  await transact(
    filesystem,
    async (tx) => {
      const [a = 0] = [await tx.get('/n', codec), await tx.get('/m', codec)];
      if (!raced) await backend.put('/m', await codec.encode(1), 'any');
      raced = true;
      await tx.put('/n', codec, a + 1);
    },
    FAST,
  );
  expect(spans.tree).toEqual([
    ...['get', 'get', 'commit', 'get', 'get', 'commit'].map((name) => `transact > ${name}`),
    'transact',
  ]);
  const { kind, status, attributes } = spans.only('transact');
  expect({ kind, status }).toEqual({ kind: SpanKind.INTERNAL, status: { code: SpanStatusCode.UNSET } });
  expect(attributes).toEqual({
    'db.system.name': 'holdfast',
    'db.operation.name': 'transact',
    'holdfast.outcome': 'applied',
    'holdfast.cas.attempts': 2,
    'holdfast.cas.conflicts': 1,
    'holdfast.cas.written': true,
  });
  const commits = spans.ended.filter(({ name }) => name === 'commit');
  expect(commits.map((span) => [span.attributes['holdfast.outcome'], span.status.code])).toEqual([
    ['conflict', SpanStatusCode.UNSET],
    ['applied', SpanStatusCode.UNSET],
  ]);
  const conflicts = (await metrics.measured()).filter(({ name }) => name === 'holdfast.cas.conflicts');
  expect(conflicts).toMatchObject([{ attributes: { 'db.operation.name': 'transact' } }]);
});

test('a commit that somebody else makes meanwhile is a failure when it loses', async () => {
  const { filesystem, spans } = traced();
  await transact(filesystem, async () => {
    await typedRejection(commit(filesystem, [{ check: '/a', expectation: { version: mintVersion() } }]));
  });
  expect(spans.only('commit').status.code).toBe(SpanStatusCode.ERROR);
});

test('one that only reads, and one that fails, say so', async () => {
  const { filesystem, spans } = traced();
  await transact(filesystem, async (tx) => [await tx.get('/a', codec), await tx.get('/b', codec)]);
  await rejection(
    transact(filesystem, () => {
      throw new Error('secret');
    }),
  );
  const [reading, failing] = spans.ended.filter(({ name }) => name === 'transact');
  expect(reading?.attributes).toMatchObject({ 'holdfast.outcome': 'unchanged', 'holdfast.cas.written': false });
  expect(failing?.attributes).toMatchObject({ 'error.type': '_OTHER', 'holdfast.cas.attempts': 1 });
  expect(JSON.stringify(spans.ended.map(({ attributes }) => attributes))).not.toContain('secret');
});

test.each<[string, (inner: RootFilesystem) => RootFilesystem, readonly string[]]>([
  ['a prefix', (inner) => withPrefix(inner, '/p'), ['transact', 'transact']],
  [
    'a view with several grants of one filesystem',
    (inner) =>
      scopedView(inner, [
        { at: '/a', permissions: ['read', 'write'] },
        { at: '/b', permissions: ['read', 'write'] },
      ]),
    ['transact', 'transact'],
  ],
  [
    'a table, of which nobody knows yet where it will lead',
    (inner) =>
      mountTable([
        { at: '/a', filesystem: inner },
        { at: '/other', filesystem: new CommittingFilesystem() },
      ]),
    ['transact'],
  ],
])('below %s a layer sees the transaction where it can only be for it', async (_, wrap, seen) => {
  const { spans, layer, filesystem } = traced();
  const outer = withTracing(wrap(filesystem), layer);
  await transact(outer, (tx) => tx.put('/a/x', codec, 1));
  expect(spans.ended.map(({ name }) => name).filter((name) => name === 'transact')).toEqual(seen);
  expect(spans.ended.filter(({ name }) => name === 'commit')).toHaveLength(2);
});
