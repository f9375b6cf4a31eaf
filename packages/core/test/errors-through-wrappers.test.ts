import { expect, test, vi } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { ERROR_CODES, type ErrorCode } from '../src/errors/error-codes.ts';
import { HoldfastError, type OperationName } from '../src/errors/holdfast-error.ts';
import type { OperationOptions } from '../src/filesystem/operation-options.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { createRecord } from '../src/helpers/create-record.ts';
import { getMany } from '../src/helpers/get-many.ts';
import { listAll } from '../src/helpers/list-all.ts';
import { readRecord } from '../src/helpers/read-record.ts';
import { records } from '../src/helpers/records.ts';
import { WRAPS, type Wrap } from './support/core-wrappers.ts';
import { ROOMY } from './support/encrypted.ts';
import { MapFilesystem, type BackendCall } from './support/map-filesystem.ts';
import { typedRejection, typedThrow } from './support/rejection.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

const BACKEND_CALLS: readonly BackendCall[] = ['_get', '_put', '_delete', '_scan'];
const entry = { body: Uint8Array.of(1) };
const codec = jsonCodec<number>({ kind: 'n' });

interface Call {
  readonly operation: OperationName;
  readonly path: string;
  readonly mutates: boolean;
  readonly make: (filesystem: RootFilesystem, options: OperationOptions) => Promise<unknown>;
}

const read = { path: '/d/e', mutates: false } as const;
const write = { path: '/d/e', mutates: true } as const;
const directory = { path: '/d', mutates: false } as const;
const one = CasApply.write(1);

const CALLS: readonly Call[] = [
  { operation: 'get', ...read, make: (it, options) => it.get('/d/e', options) },
  { operation: 'put', ...write, make: (it, options) => it.put('/d/e', entry, 'any', options) },
  { operation: 'delete', ...write, make: (it, options) => it.delete('/d/e', 'any', options) },
  { operation: 'list', ...directory, make: (it, options) => it.list('/d', options) },
  { operation: 'entries', ...directory, make: (it, options) => it.entries('/d', options).next() },
  {
    operation: 'casUpdate',
    ...write,
    make: (it, options) => casUpdate(it, '/d/e', codec, () => one, { maxAttempts: 1, ...options }),
  },
  { operation: 'readRecord', ...read, make: (it, options) => readRecord(it, '/d/e', codec, options) },
  { operation: 'createRecord', ...write, make: (it, options) => createRecord(it, '/d/e', codec, 1, options) },
  { operation: 'records', ...directory, make: (it, options) => records(it, '/d', codec, options).next() },
  { operation: 'listAll', ...directory, make: (it, options) => listAll(it, '/d', options).next() },
  { operation: 'getMany', ...read, make: (it, options) => getMany(it, ['/d/e'], options) },
];

/** The code that a call ends with when the backend raises another. */
function codeOf({ operation }: Call, raised: ErrorCode): ErrorCode {
  if (operation !== 'casUpdate') return raised;
  if (raised === 'BUSY' || raised === 'VERSION_MISMATCH') return 'RETRIES_EXHAUSTED';
  return raised === 'UNSUPPORTED' ? 'CAS_UNSUPPORTED' : raised;
}

/** The line that everybody looks for in the stack of an error. */
async function theCaller(make: () => Promise<unknown>): Promise<void> {
  await make();
}

async function errorOf({ make }: Call, filesystem: RootFilesystem, options: OperationOptions = {}) {
  return typedRejection(theCaller(() => make(filesystem, options)));
}

/** What people see first, and what leads them to their own line. */
function expectStack(error: HoldfastError, call: Call): void {
  expect(error.stack?.split('\n')[0]).toBe(firstLine(error, call));
  expect(error.stack).toMatch(/ at (async )?theCaller /);
}

function firstLine({ code, message }: HoldfastError, { operation, path }: Call): string {
  return `HoldfastError [${code}]: ${operation} ${path}: ${message}`;
}

function wrapped(wrap: Wrap): { readonly backend: MapFilesystem; readonly filesystem: RootFilesystem } {
  // Who tries again does so at once.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  const backend = new MapFilesystem(ROOMY);
  return { backend, filesystem: wrap(backend) };
}

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test.each(Object.entries(WRAPS))(
  'through %s, every code of every operation has that operation and the path, and a stack that leads to the caller',
  async (_, wrap) => {
    const { backend, filesystem } = wrapped(wrap);
    for (const raised of CODES) {
      for (const on of BACKEND_CALLS)
        backend.before(on, async () => {
          // As drivers do: nothing of the caller is on the stack any more.
          await new Promise(setImmediate);
          throw new HoldfastError(raised, 'raised', { outcome: 'not-applied' });
        });
      for (const call of CALLS) {
        const { operation, path, mutates } = call;
        const error = await errorOf(call, filesystem);
        const outcome = mutates ? 'not-applied' : undefined;
        expect(error).toMatchObject({ code: codeOf(call, raised), operation, path, outcome });
        expect(String(error)).toBe(firstLine(error, call));
        // Putting frames into words is slow, and the way is the same for most codes.
        if (raised === 'UNAVAILABLE' || raised === 'VERSION_MISMATCH') expectStack(error, call);
      }
    }
  },
);

test.each(Object.entries(WRAPS))(
  'through %s, what was raised in a timer has a stack that leads to the caller too',
  async (_, wrap) => {
    const { backend, filesystem } = wrapped(wrap);
    for (const on of BACKEND_CALLS) backend.before(on, () => new Promise(() => {}));
    const ends: readonly (readonly [ErrorCode, () => OperationOptions])[] = [
      ['TIMEOUT', () => ({ timeoutMs: 5 })],
      ['ABORTED', () => ({ signal: AbortSignal.timeout(5) })],
      ['ABORTED', () => ({ signal: AbortSignal.abort() })],
    ];
    // All at once, since a write that is in flight is waited for a little longer.
    const all = ends.flatMap(([code, options]) => CALLS.map((call) => ({ code, call, options })));
    await Promise.all(
      all.map(async ({ code, call, options }) => {
        const error = await errorOf(call, filesystem, options());
        expect(error).toMatchObject({ code, operation: call.operation, path: call.path });
        expectStack(error, call);
      }),
    );
  },
);

test.each(Object.entries(WRAPS))(
  'through %s, what is refused before it reaches a backend is told in the same way',
  async (_, wrap) => {
    const { filesystem } = wrapped(wrap);
    // Of several paths none is the one.
    for (const call of CALLS.filter(({ operation }) => operation !== 'getMany')) {
      const malformed = await errorOf(call, filesystem, { timeoutMs: -1 });
      expect(malformed).toMatchObject({ code: 'INVALID_ARGUMENT', operation: call.operation, path: call.path });
      expectStack(malformed, call);
    }
    await filesystem.close();
    for (const call of CALLS) {
      const closed = await errorOf(call, filesystem);
      expect(closed).toMatchObject({ code: 'CLOSED', operation: call.operation, path: call.path });
      expectStack(closed, call);
    }
  },
);

test.each(Object.entries(WRAPS))(
  'through %s, what a codec refuses is told with operation and path',
  async (_, wrap) => {
    const { filesystem } = wrapped(wrap);
    const update = (next: () => CasApply<unknown, unknown>): Promise<HoldfastError> =>
      typedRejection(theCaller(() => casUpdate(filesystem, '/d/e', jsonCodec({ kind: 'n' }), next)));
    const unwritable = await update(() => CasApply.write({ tags: [new Date(0)] }));
    const call = { operation: 'casUpdate', path: '/d/e', mutates: true } as Call;
    expect(unwritable).toMatchObject({ code: 'RECORD_INVALID', outcome: 'not-applied' });
    expect(unwritable.message).toContain('tags[0]');
    expectStack(unwritable, call);
    await filesystem.put('/d/e', { ...entry, kind: 'other' }, 'absent');
    const unreadable = await update(() => CasApply.noOp());
    expect(unreadable).toMatchObject({ code: 'RECORD_INVALID', outcome: 'not-applied' });
    expectStack(unreadable, call);
  },
);

test('capabilities that cannot be told are refused with operation and path, through every wrapper', () => {
  for (const wrap of Object.values(WRAPS)) {
    expect(typedThrow(() => wrap(new MapFilesystem(ROOMY)).capabilitiesAt('no path'))).toMatchObject({
      code: 'INVALID_PATH',
      operation: 'capabilitiesAt',
    });
  }
});
