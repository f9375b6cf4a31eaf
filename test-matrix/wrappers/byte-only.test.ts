import { readdir } from 'node:fs/promises';
import {
  CasApply,
  casUpdate,
  isHoldfastError,
  jsonCodec,
  mountTable,
  scopedView,
  withConcurrencyLimit,
  withEncryption,
  withPrefix,
  withRetry,
  withTimeout,
  withTracing,
  type Capabilities,
  type Permission,
  type RootFilesystem,
} from '@holdfast/core';
import { Layer } from '@holdfast/core/adapter';
import { openLocalDisk } from '@holdfast/local-disk';
import { openMemory } from '@holdfast/memory';
import { openSqlite } from '@holdfast/sqlite';
import { makeScratchDirectory } from '@holdfast/test-support';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { RecordingTelemetry } from './recording-telemetry.ts';

const { tracer, meter } = new RecordingTelemetry();

const ALL: readonly Permission[] = ['read', 'write', 'delete', 'list'];
const codec = jsonCodec<{ count: number }>({
  kind: 'Counter',
  schema: {
    '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { count: number } }) },
  },
});

let scratch: Awaited<ReturnType<typeof makeScratchDirectory>>;
let disk: RootFilesystem;

beforeEach(async () => {
  scratch = await makeScratchDirectory('byte-only');
  disk = await openLocalDisk({ root: scratch.path });
});

afterEach(async () => {
  await disk.close();
  await scratch.remove();
});

/** Answers something else than the backend about its capabilities. */
class Hides extends Layer {
  readonly #answer: (claimed: Capabilities) => unknown;

  constructor(filesystem: RootFilesystem, answer: (claimed: Capabilities) => unknown) {
    super(filesystem);
    this.#answer = answer;
  }

  override capabilitiesAt(path: string): Capabilities {
    return this.#answer(super.capabilitiesAt(path)) as Capabilities;
  }
}

/** Three wrappers over a table in which local disk is at `/data` and everything around it could. */
async function nested(onDisk: RootFilesystem): Promise<RootFilesystem[]> {
  const table = (): Promise<RootFilesystem> =>
    openSqlite({ file: ':memory:' }).then((capable) =>
      mountTable([
        { at: '/', filesystem: capable },
        { at: '/data', filesystem: onDisk, owned: false },
        { at: '/data/deeper/memory', filesystem: openMemory() },
      ]),
    );
  const view = (inner: RootFilesystem): RootFilesystem =>
    scopedView(inner, [{ at: '/', to: '/data', permissions: ALL }]);
  const ring = { keys: { one: new Uint8Array(32) }, currentKey: 'one' };
  return [
    withTimeout(view(await table()), { timeoutMs: 5000 }),
    withRetry(withConcurrencyLimit(withPrefix(await table(), '/data'))),
    view(mountTable([{ at: '/data', filesystem: withPrefix(await table(), '/data') }])),
    withTracing(withEncryption(view(await table()), ring), { tracer, meter }),
    withPrefix(
      scopedView(withTimeout(await table(), { timeoutMs: 5000 }), [{ at: '/x', to: '/data', permissions: ALL }]),
      '/x',
    ),
  ];
}

const refusals: readonly [string, (claimed: Capabilities) => unknown][] = [
  ['as it is', (claimed) => claimed],
  ['hidden as unknown', () => undefined],
  ['hidden as an empty answer', () => ({})],
  ['presented as versioned', (claimed) => ({ ...claimed, cas: 'versioned', records: true, conditionalDelete: true })],
  ['presented as able to do everything', () => openMemory().capabilitiesAt('/')],
];

test.each(refusals)(
  'a record never reaches plain disk through three wrappers, its claims %s',
  async (_name, answer) => {
    for (const filesystem of await nested(new Hides(disk, answer))) {
      for (const path of ['/first', '/deep/first', '/first']) {
        const update = casUpdate(filesystem, path, codec, (current) =>
          CasApply.write({ count: (current?.count ?? 0) + 1 }),
        );
        const error: unknown = await update.catch((thrown: unknown) => thrown);
        expect(isHoldfastError(error, 'CAS_UNSUPPORTED')).toBe(true);
        expect(error).toMatchObject({ outcome: 'not-applied', path });
      }
      const record = { kind: 'Counter', contentType: 'application/json', body: new Uint8Array() };
      for (const expectation of ['absent', 'any', { version: 'x' }] as never[]) {
        const error: unknown = await filesystem.put('/first', record, expectation).catch((thrown: unknown) => thrown);
        expect(isHoldfastError(error, 'UNSUPPORTED')).toBe(true);
      }
      expect(await readdir(scratch.path)).toEqual([]);
    }
  },
);

test('what the other mounts can do still works beside it, and bytes reach the disk', async () => {
  const [filesystem] = await nested(disk);
  await filesystem?.put('/bytes', { body: Uint8Array.of(1) }, 'absent');
  expect(await readdir(scratch.path)).toEqual(['bytes']);
  const update = casUpdate(filesystem as RootFilesystem, '/deeper/memory/a', codec, () => CasApply.write({ count: 1 }));
  expect((await update).written).toBe(true);
});
