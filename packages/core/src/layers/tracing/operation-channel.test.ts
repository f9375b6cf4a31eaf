import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followGlobals } from '../../../test/support/follow-globals.ts';
import { collect } from '../../../test/support/collect.ts';
import { deferred } from '../../../test/support/deferred.ts';
import { MapFilesystem } from '../../../test/support/map-filesystem.ts';
import { rejection } from '../../../test/support/rejection.ts';
import { failOnUnhandledRejections } from '../../../test/support/unhandled.ts';
import { CasApply } from '../../cas/cas-apply.ts';
import { casUpdate } from '../../cas/cas-update.ts';
import { jsonCodec } from '../../codecs/json-codec.ts';
import { HoldfastError } from '../../errors/holdfast-error.ts';
import type { RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { withTracing } from '../with-tracing.ts';
import { OPERATION_CHANNEL, type OperationMessage } from './operation-message.ts';

beforeEach(followGlobals);

failOnUnhandledRejections();

const entry = { body: new Uint8Array() };
let stop = (): void => {};
afterEach(() => stop());

function messages(): OperationMessage[] {
  const received: OperationMessage[] = [];
  const listener = (message: unknown): void => void received.push(message as OperationMessage);
  subscribe(OPERATION_CHANNEL, listener);
  stop = () => void unsubscribe(OPERATION_CHANNEL, listener);
  return received;
}

const REST = {
  system: 'holdfast',
  path: undefined,
  durationMs: expect.any(Number) as number,
  code: undefined,
  outcome: undefined,
  returned: undefined,
  attempts: undefined,
  conflicts: undefined,
};

test('every operation is published when it ends, without a tracer or a meter', async () => {
  const received = messages();
  const backend = new MapFilesystem();
  const filesystem = withTracing(backend);
  await filesystem.put('/a', entry, 'absent');
  await filesystem.get('/a');
  await filesystem.list('/');
  await collect(filesystem.entries('/'));
  await filesystem.delete('/a', 'any');
  await rejection(filesystem.get('a'));
  expect(received).toEqual([
    { ...REST, operation: 'put', outcome: 'applied' },
    { ...REST, operation: 'get', returned: 1 },
    { ...REST, operation: 'list', returned: 1 },
    { ...REST, operation: 'entries', returned: 1 },
    { ...REST, operation: 'delete', outcome: 'applied' },
    { ...REST, operation: 'get', code: 'INVALID_PATH' },
  ]);
  expect(received.every(Object.isFrozen)).toBe(true);
});

test('an update is published with its attempts, after its parts, and its conflicts are told from failures', async () => {
  const received = messages();
  const backend = new MapFilesystem();
  const filesystem = withTracing(backend, { paths: 'full', system: 'memory' });
  backend.before('_put', (_context, nth) => {
    if (nth === 1) throw new HoldfastError('VERSION_MISMATCH', 'lost', { outcome: 'not-applied' });
  });
  const codec = jsonCodec<number>({ kind: 'number' });
  await casUpdate(filesystem, '/a', codec, () => CasApply.write(1), { backoffMinMs: 0, backoffMaxMs: 0 });
  const rest = { ...REST, system: 'memory', path: '/a' };
  expect(received).toEqual([
    { ...rest, operation: 'get', returned: 0 },
    { ...rest, operation: 'put', code: 'VERSION_MISMATCH', outcome: 'conflict' },
    { ...rest, operation: 'get', returned: 0 },
    { ...rest, operation: 'put', outcome: 'applied' },
    { ...rest, operation: 'casUpdate', outcome: 'applied', attempts: 2, conflicts: 1 },
  ]);
});

test('an operation is published if there is a subscriber when it begins', async () => {
  const backend = new MapFilesystem();
  const filesystem = withTracing(backend);
  const gates = [deferred(), deferred()];
  backend.before('_get', (_context, nth) => gates[nth - 1]?.promise);
  const early = filesystem.get('/early');
  const received = messages();
  const late = filesystem.get('/late');
  for (const gate of gates) gate.resolve();
  await Promise.all([early, late]);
  expect(received).toHaveLength(1);
});

test('so it is when a tracer has begun to follow it before', async () => {
  const backend = new MapFilesystem();
  const filesystem = withTracing(backend, { tracer: { startActiveSpan: () => {} } });
  const gate = deferred();
  backend.before('_get', () => gate.promise);
  const early = filesystem.get('/early');
  const received = messages();
  gate.resolve();
  await early;
  expect(received).toEqual([]);
});

test('an iteration that fails is published once', async () => {
  const received = messages();
  const backend = new MapFilesystem();
  backend.before('_scan', () => {
    throw new HoldfastError('UNAVAILABLE', 'gone');
  });
  await rejection(collect(withTracing(backend).entries('/')));
  expect(received).toEqual([{ ...REST, operation: 'entries', code: 'UNAVAILABLE', returned: 0 }]);
});

test('without subscribers nothing is measured: the call is passed on', async () => {
  const looks = vi.spyOn(performance, 'now');
  const looksAt = async (filesystem: RootFilesystem): Promise<number> => {
    looks.mockClear();
    await filesystem.get('/a');
    await collect(filesystem.entries('/'));
    return looks.mock.calls.length;
  };
  expect(await looksAt(withTracing(new MapFilesystem()))).toBe(await looksAt(new MapFilesystem()));
});

test('a runtime without such a module has no channel, and operations work as ever', async () => {
  const received = messages();
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined);
  const filesystem = withTracing(new MapFilesystem());
  vi.stubGlobal('process', undefined);
  const alsoWithout = withTracing(new MapFilesystem());
  vi.unstubAllGlobals();
  expect(await filesystem.get('/a')).toBeUndefined();
  expect(await alsoWithout.get('/a')).toBeUndefined();
  expect(received).toEqual([]);
});
