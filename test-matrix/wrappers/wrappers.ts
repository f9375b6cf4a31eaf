import {
  mountTable,
  scopedView,
  withConcurrencyLimit,
  withEncryption,
  withPrefix,
  withReadOnly,
  withRetry,
  withTimeout,
  withTracing,
  type Permission,
  type RootFilesystem,
} from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { ClosesBoth } from './closes-both.ts';
import { RecordingTelemetry } from './recording-telemetry.ts';
import type { Wrapper } from './wrapper.ts';
import { WritesBeside } from './writes-beside.ts';

const EVERYTHING: readonly Permission[] = ['read', 'write', 'delete', 'list'];

function view(filesystem: RootFilesystem, to: string): RootFilesystem {
  return new ClosesBoth(scopedView(filesystem, [{ at: '/', to, permissions: EVERYTHING }]), filesystem);
}

/** The content at `/here` of a table with other mounts around and below it. */
function mounted(filesystem: RootFilesystem): RootFilesystem {
  const table = mountTable([
    { at: '/', filesystem: openMemory() },
    { at: '/here', filesystem, requires: { cas: 'versioned', records: true } },
    { at: '/her', filesystem: openMemory() },
    { at: '/here-too', filesystem: openMemory() },
  ]);
  return withPrefix(table, '/here');
}

const limits = { reads: { limit: 32, queue: 100_000 }, writes: { limit: 8, queue: 100_000 } };

const ring = { keys: { old: new Uint8Array(32).fill(1), new: new Uint8Array(32).fill(2) }, currentKey: 'new' };

/** What everybody's tracing in this process is told. */
export const telemetry = new RecordingTelemetry();

const { tracer, meter } = telemetry;

/**
 * Every wrapper of the core, and all of them on top of each other. What one does to a call does not depend on the
 * backend, so that on databases it is enough to have it in the stack.
 */
export const WRAPPERS: readonly Wrapper[] = [
  { id: 'mountTable at the root', wrap: (filesystem) => mountTable([{ at: '/', filesystem }]) },
  { id: 'mountTable among others', wrap: mounted },
  { id: 'scopedView', wrap: (filesystem) => view(filesystem, '/tenants/one') },
  { id: 'scopedView of a scopedView', wrap: (filesystem) => view(view(filesystem, '/tenants'), '/one') },
  { id: 'withPrefix', wrap: (filesystem) => withPrefix(filesystem, '/app') },
  { id: 'withReadOnly, for reads', wrap: (filesystem) => new WritesBeside(withReadOnly(filesystem), filesystem) },
  { id: 'withTimeout', wrap: (filesystem) => withTimeout(filesystem, { timeoutMs: 60_000 }) },
  { id: 'withConcurrencyLimit', wrap: (filesystem) => withConcurrencyLimit(filesystem, limits) },
  { id: 'withRetry', wrap: (filesystem) => withRetry(filesystem) },
  { id: 'withEncryption', wrap: (filesystem) => withEncryption(filesystem, ring) },
  { id: 'withTracing', wrap: (filesystem) => withTracing(filesystem, { tracer, meter, paths: 'full' }) },
  {
    id: 'a stack of all',
    standsForAll: true,
    wrap: (filesystem) => {
      const encrypted = withEncryption(filesystem, ring);
      const limited = withRetry(withConcurrencyLimit(mounted(encrypted), limits));
      return view(withTracing(withTimeout(limited, { timeoutMs: 60_000 }), { tracer, meter }), '/tenants/one');
    },
  },
];
