import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../../src/layers/with-concurrency-limit.ts';
import { withEncryption } from '../../src/layers/with-encryption.ts';
import { withPrefix } from '../../src/layers/with-prefix.ts';
import { withRetry } from '../../src/layers/with-retry.ts';
import { withTimeout } from '../../src/layers/with-timeout.ts';
import { withTracing } from '../../src/layers/with-tracing.ts';
import type { SpanLike, TracerLike } from '../../src/layers/tracing/tracer-like.ts';
import { mountTable } from '../../src/mounts/mount-table.ts';
import { scopedView } from '../../src/views/scoped-view.ts';
import { testKey } from './encrypted.ts';
import { MapFilesystem } from './map-filesystem.ts';

/** A way to wrap a filesystem so that its entries keep their paths. */
export type Wrap = (filesystem: RootFilesystem) => RootFilesystem;

// Without the timers of the SDK, so that those of core can be counted.
const SPAN: SpanLike = { setAttributes: () => {}, setStatus: () => {}, end: () => {} };
const TRACER: TracerLike = { startActiveSpan: (_name, _options, run) => run(SPAN) };

const ALL = ['read', 'write', 'delete', 'list'] as const;

const limit: Wrap = (filesystem) => withConcurrencyLimit(filesystem);
const retry: Wrap = (filesystem) => withRetry(filesystem);
const timeout: Wrap = (filesystem) => withTimeout(filesystem, { timeoutMs: 1_000_000 });
const trace: Wrap = (filesystem) => withTracing(filesystem, { tracer: TRACER });
const encrypt: Wrap = (filesystem) => withEncryption(filesystem, { keys: { k1: testKey(1) }, currentKey: 'k1' });
const view: Wrap = (filesystem) => scopedView(filesystem, [{ at: '/', to: '/v', permissions: ALL }]);
const prefix: Wrap = (filesystem) => withPrefix(filesystem, '/p');
const mount: Wrap = (filesystem) =>
  mountTable([
    { at: '/', filesystem },
    { at: '/zz', filesystem: new MapFilesystem() },
  ]);

/** Every wrapper that takes writes, and some stacks of them. */
export const WRAPS: Readonly<Record<string, Wrap>> = {
  nothing: (filesystem) => filesystem,
  withConcurrencyLimit: limit,
  withRetry: retry,
  withTimeout: timeout,
  withTracing: trace,
  withEncryption: encrypt,
  withPrefix: prefix,
  scopedView: view,
  mountTable: mount,
  'tracing, encryption, a view and a table': (filesystem) => trace(encrypt(view(mount(filesystem)))),
  'all of them': (filesystem) => trace(timeout(retry(limit(view(mount(prefix(encrypt(filesystem)))))))),
};
