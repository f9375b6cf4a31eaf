import {
  CasApply,
  casUpdate,
  isHoldfastError,
  jsonCodec,
  readRecord,
  type RecordCodec,
  type Snapshot,
  type VirtualPath,
} from '@holdfast/core';
import type { OperationContext, PathRange, ScanContext } from '@holdfast/core/adapter';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryFilesystem } from './memory-filesystem.ts';
import { openMemory } from './open-memory.ts';

const codec = jsonCodec<number>({ kind: 'n' });

test('64 writers with 100 updates each of one record lose none, and none fails', async () => {
  await using memory = openMemory();
  const attempts: number[] = [];
  const write = async (): Promise<void> => {
    for (let update = 0; update < 100; update += 1) {
      const result = await casUpdate(memory, '/n', codec, (n) => CasApply.write((n ?? 0) + 1));
      attempts.push(result.attempts);
    }
  };
  await Promise.all(Array.from({ length: 64 }, write));
  expect((await casUpdate(memory, '/n', codec, () => CasApply.noOp())).snapshot).toBe(6400);
  expect(attempts).toHaveLength(6400);
  expect(Math.max(...attempts)).toBeLessThanOrEqual(32);
});

test('so do 64 writers whose apply takes its time', async () => {
  await using memory = openMemory();
  const write = async (): Promise<void> => {
    for (let update = 0; update < 10; update += 1) {
      const slowly = async (n: number | undefined) => {
        await new Promise((resolve) => setImmediate(resolve));
        return CasApply.write((n ?? 0) + 1);
      };
      await casUpdate(memory, '/n', codec, slowly, { maxAttempts: 10_000, timeoutMs: 60_000 });
    }
  };
  await Promise.all(Array.from({ length: 64 }, write));
  expect((await casUpdate(memory, '/n', codec, () => CasApply.noOp())).snapshot).toBe(640);
});

test('operations take effect in the order of the calls, before anything is awaited', async () => {
  await using memory = openMemory();
  const writes = [1, 2, 3].map((byte) => memory.put('/a', { body: Uint8Array.of(byte) }, 'any'));
  const read = memory.get('/a');
  const gone = memory.delete('/a', 'any');
  const after = memory.get('/a');
  await Promise.all(writes);
  expect((await read)?.body).toEqual(Uint8Array.of(3));
  expect(await gone).toEqual({ deleted: true });
  expect(await after).toBeUndefined();
});

test('bodies are copied in and out, by every way in and out', async () => {
  await using memory = openMemory();
  const mine = Uint8Array.of(1, 2, 3);
  const pending = memory.put('/a', { body: mine, kind: 'k', indexed: { n: 1 } }, 'any');
  mine.fill(9);
  await pending;
  const first = await memory.get('/a');
  first?.body.fill(8);
  for await (const entry of memory.entries('/')) entry.body.fill(7);
  const last = await memory.get('/a');
  expect([...(last?.body ?? [])]).toEqual([1, 2, 3]);
  expect(last?.body.buffer.byteLength).toBe(3);
  expect(() => Object.assign(last?.indexed as object, { n: 2 })).toThrow(TypeError);
});

test('what a closed store held is gone', async () => {
  const memory = openMemory();
  await memory.put('/a', { body: Uint8Array.of(1) }, 'any');
  await memory.close();
  const refused = await memory.get('/a').catch((error: unknown) => error);
  expect(isHoldfastError(refused, 'CLOSED')).toBe(true);
});

test('it does what a Map with versions does', async () => {
  const path = fc.constantFrom('/a', '/a/b', '/a!', '/😀', '/\uff5e');
  const expectation = fc.constantFrom('absent' as const, 'any' as const, 'current' as const, 'stale' as const);
  const step = fc.record({ what: fc.constantFrom('put', 'put', 'delete'), path, expectation });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await using memory = openMemory();
      const model = new Map<string, { version: string; byte: number }>();
      const past = new Map<string, string>();
      for (const [byte, { what, path: at, expectation: wanted }] of steps.entries()) {
        const held = model.get(at);
        const stale = past.get(at) ?? 'never';
        const given =
          wanted === 'current'
            ? { version: held?.version ?? 'none' }
            : wanted === 'stale'
              ? { version: stale }
              : wanted;
        if (what === 'delete' && given === 'absent') continue;
        const holds = given === 'any' || (given === 'absent' ? held === undefined : held?.version === given.version);
        const call =
          what === 'put'
            ? memory
                .put(at, { body: Uint8Array.of(byte) }, given)
                .then(({ version }) => model.set(at, { version, byte }))
            : memory.delete(at, given === 'absent' ? 'any' : given).then(({ deleted }) => {
                expect(deleted).toBe(held !== undefined);
                model.delete(at);
              });
        const code = await call.then(
          () => 'done',
          (error: unknown) => (isHoldfastError(error) ? error.code : 'raw'),
        );
        expect(code).toBe(holds ? 'done' : 'VERSION_MISMATCH');
        if (holds && held !== undefined) past.set(at, held.version);
      }
      const stored: unknown[] = [];
      for await (const { path: at, version, body } of memory.entries('/')) stored.push([at, version, body[0]]);
      const expected = [...model].map(([at, { version, byte }]) => [at, version, byte]);
      expect(new Map(stored as [string, unknown][]).size).toBe(stored.length);
      expect(stored).toHaveLength(expected.length);
      expect(stored).toEqual(expect.arrayContaining(expected));
    }),
    { numRuns: 200 },
  );
});

test('what nobody looks at is not copied: a listing copies no body, and a page no more than it needs', async () => {
  await using memory = new Counting();
  for (const name of ['a', 'b', 'b/c', 'd']) await memory.put(`/d/${name}`, { body: new Uint8Array(1000) }, 'any');
  expect((await memory.list('/d')).children).toHaveLength(3);
  expect(memory.copied).toBe(0);
  await memory.entries('/d', { pageBytes: 1001 }).next();
  expect(memory.copied).toBe(2000);
});

test('an update that only looks at what it reads has it not copied, and whoever gets it has', async () => {
  await using memory = new Counting();
  await casUpdate(memory, '/n', codec, () => CasApply.write(5));
  const look = () => casUpdate(memory, '/n', codec, () => CasApply.noOp());
  const read = () => readRecord(memory, '/n', codec);
  memory.read.length = 0;
  for (const call of [look, read, look]) await call();
  expect(new Set(memory.read).size).toBe(1);
  memory.read.length = 0;
  const bytesOf: RecordCodec<Uint8Array> = { encode: (body) => ({ body }), decode: ({ body }) => body };
  const own = await Promise.all([memory.get('/n'), memory.get('/n'), readRecord(memory, '/n', bytesOf)]);
  expect(new Set(memory.read).size).toBe(3);
  const updated = await casUpdate(memory, '/n', bytesOf, (body) => CasApply.noOp(body));
  for (const body of [own[0]?.body, own[1]?.body, own[2]?.value, updated.outcome]) body?.fill(0);
  expect((await look()).snapshot).toBe(5);
});

class Counting extends MemoryFilesystem {
  copied = 0;
  /** The bodies that it has answered reads of one entry with. */
  readonly read: (Uint8Array | undefined)[] = [];

  constructor() {
    super(openMemory().capabilitiesAt('/'));
  }

  protected override async _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined> {
    const found = await super._get(path, context);
    this.read.push(found?.body);
    return found;
  }

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const page = await super._scan(range, limit, context);
    for (const { body } of page) this.copied += body.byteLength;
    return page;
  }
}
