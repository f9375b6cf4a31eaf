import {
  HoldfastError,
  mountTable,
  scopedView,
  withConcurrencyLimit,
  withEncryption,
  withPrefix,
  withRetry,
  withTimeout,
  withTracing,
  type ErrorCode,
  type Outcome,
  type RootFilesystem,
  type SpanLike,
  type TracerLike,
} from '@holdfast/core';
import type { BaseFilesystem } from '@holdfast/core/adapter';
import { openMemory } from '@holdfast/memory';
import type { Calls, Failure, Failures } from '../machine/calls.ts';
import type { Store } from '../machine/stage.ts';
import { CANARY } from '../machine/trial.ts';
import { intercept } from './intercept.ts';

type Wrap = (filesystem: RootFilesystem) => RootFilesystem;

const SPAN: SpanLike = { setAttributes: () => {}, setStatus: () => {}, end: () => {} };
const TRACER: TracerLike = { startActiveSpan: (_name, _options, run) => run(SPAN) };
const KEYS = { keys: { k1: new Uint8Array(32).fill(1) }, currentKey: 'k1' };

const encrypt: Wrap = (it) => withEncryption(it, KEYS);
const limit: Wrap = (it) => withConcurrencyLimit(it, { reads: { limit: 2 }, writes: { limit: 2 } });
const mount: Wrap = (it) =>
  mountTable([
    { at: '/', filesystem: it },
    { at: '/zz', filesystem: openMemory() },
  ]);
const prefix: Wrap = (it) => withPrefix(it, '/p');
const retry: Wrap = (it) => withRetry(it, { maxAttempts: 3 });
const timeout: Wrap = (it) => withTimeout(it, { timeoutMs: 10_000 });
const trace: Wrap = (it) => withTracing(it, { tracer: TRACER });
const view: Wrap = (it) => scopedView(it, [{ at: '/', to: '/v', permissions: ['read', 'write', 'delete', 'list'] }]);

/** Every wrapper of core that takes writes, and a stack of all of them. */
export const WRAPS: Readonly<Record<string, Wrap>> = {
  nothing: (it) => it,
  mountTable: mount,
  scopedView: view,
  withConcurrencyLimit: limit,
  withEncryption: encrypt,
  withPrefix: prefix,
  withRetry: retry,
  withTimeout: timeout,
  withTracing: trace,
  'all of them': (it) => trace(timeout(retry(limit(view(mount(prefix(encrypt(it)))))))),
};

const typed = (code: ErrorCode, outcome: Outcome): Failure => ({
  make: () => new HoldfastError(code, 'it failed', { outcome, cause: new Error(CANARY) }),
});
const raw = (thrown: unknown): Failure => ({ make: () => thrown });

const LOST = [typed('UNAVAILABLE', 'unknown'), typed('TIMEOUT', 'unknown'), raw(new Error(`of ${CANARY}`))];
const REFUSED = [
  typed('BUSY', 'not-applied'),
  typed('UNAVAILABLE', 'not-applied'),
  typed('STORAGE_FULL', 'not-applied'),
  typed('CORRUPT', 'unknown'),
  raw(undefined),
  raw(`a text of ${CANARY}`),
];
const READS: Failures = { before: [...REFUSED, ...LOST], after: [] };
const CHANGES: Failures = { before: [...REFUSED, ...LOST], after: LOST };

const METHODS: Readonly<Record<string, Failures>> = {
  _get: READS,
  _getMany: READS,
  _list: READS,
  _scan: READS,
  _put: CHANGES,
  _delete: CHANGES,
  _commit: CHANGES,
};

/** A store in memory under a wrapper, whose faults are in the methods of the adapter. */
export async function wrappedStore(calls: Calls, wrap: Wrap): Promise<Store> {
  const adapter = openMemory();
  const wrapped = wrap(adapter);
  const methods = adapter as unknown as BaseFilesystem & Record<string, unknown>;
  for (const [name, failures] of Object.entries(METHODS)) {
    if (typeof methods[name] !== 'function') continue;
    intercept(methods, name, (real) => calls.later(name, async () => real(), failures));
  }
  return { instances: [wrapped], reader: wrapped, leaks: async () => [], close: () => wrapped.close() };
}
