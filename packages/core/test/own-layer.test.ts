import { expect, test } from 'vitest';
import { Layer, passOn, type Next, type Operation } from '../src/adapter.ts';
import {
  casUpdate,
  CasApply,
  isHoldfastError,
  jsonCodec,
  mountTable,
  readRecord,
  withRetry,
  withTimeout,
} from '../src/index.ts';
import type { RootFilesystem } from '../src/index.ts';
import { bytes, textOf } from './support/bytes.ts';
import { collect } from './support/collect.ts';
import { never } from './support/deferred.ts';
import { MapFilesystem } from './support/map-filesystem.ts';
import { typedRejection } from './support/rejection.ts';
import { failOnUnhandledRejections } from './support/unhandled.ts';

failOnUnhandledRejections();

// Layers as somebody else writes them, with what the package exports.

/** Notes every path of which an entry may have changed. */
class Changes extends Layer {
  readonly changed = new Set<string>();

  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    try {
      const answer = await next(operation);
      this.#note(operation);
      return answer;
    } catch (error) {
      if (!isHoldfastError(error) || error.outcome !== 'not-applied') this.#note(operation);
      throw error;
    }
  }

  #note({ changes, paths }: Operation): void {
    if (changes) for (const path of paths) this.changed.add(path);
  }
}

/** Stores every body backwards. */
class Backwards extends Layer {
  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    const turned = operation.mapEntries((_path, { body, ...entry }) => ({ ...entry, body: body.toReversed() }));
    const answer = await next(turned);
    return operation.mapAnswer(answer, (_path, found) => ({ ...found, body: found.body.toReversed() }));
  }
}

/** Reads of another filesystem what this one does not answer in time. */
class Otherwise extends Layer {
  readonly #other: RootFilesystem;

  constructor(filesystem: RootFilesystem, other: RootFilesystem) {
    super(filesystem);
    this.#other = other;
  }

  protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
    if (operation.changes) return await next(operation);
    try {
      return await operation.within(5, next);
    } catch (error) {
      if (!isHoldfastError(error, 'TIMEOUT') || operation.exhausted() !== undefined) throw error;
      return await passOn(this.#other, operation);
    }
  }
}

const codec = jsonCodec<number>({ kind: 'n' });

test('a layer hears of every operation by one method, whatever is above and below it', async () => {
  const changes = new Changes(mountTable([{ at: '/m', filesystem: withRetry(new MapFilesystem()) }]));
  const filesystem = withTimeout(changes, { timeoutMs: 60_000 });
  await filesystem.put('/m/a', { body: bytes('a') }, 'absent');
  await casUpdate(filesystem, '/m/n', codec, () => CasApply.write(1));
  await filesystem.delete('/m/d', 'any');
  await filesystem.get('/m/g');
  await collect(filesystem.entries('/'));
  await typedRejection(filesystem.put('/m/b', { body: 5 as never }, 'any'));
  await typedRejection(filesystem.put('/m/a', { body: bytes('a') }, 'absent'));
  expect([...changes.changed]).toEqual(['/m/a', '/m/n', '/m/d']);
  await filesystem.close();
  expect((await typedRejection(changes.get('/m/a'))).code).toBe('CLOSED');
});

test('a layer changes the entries that go down and come up, also those of a page', async () => {
  const backend = new MapFilesystem();
  const filesystem = new Backwards(backend);
  await filesystem.put('/a', { body: bytes('abc'), kind: 'k' }, 'absent');
  await filesystem.put('/b', { body: bytes('xyz') }, 'absent');
  expect(textOf(backend.stored.get('/a'))).toBe('cba');
  expect(await filesystem.get('/a')).toMatchObject({ body: bytes('abc'), kind: 'k' });
  expect((await collect(filesystem.entries('/'))).map(textOf)).toEqual(['abc', 'xyz']);
});

test('a layer may write into the bodies that it is answered: nobody else has them, also when an update only looks', async () => {
  const seen: (string | undefined)[] = [];
  class Wiping extends Layer {
    protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
      return operation.mapAnswer(await next(operation), (_path, found) => {
        seen.push(textOf(found));
        const body = new Uint8Array(found.body);
        found.body.fill(0);
        return { ...found, body };
      });
    }
  }
  const backend = new MapFilesystem();
  for (const filesystem of [new Wiping(backend), withRetry(new Wiping(withTimeout(backend, { timeoutMs: 60_000 })))]) {
    await casUpdate(filesystem, '/n', codec, (n = 0) => CasApply.write(n + 1));
    await readRecord(filesystem, '/n', codec);
  }
  expect(seen).toEqual(['1', '1', '2']);
  expect(textOf(backend.stored.get('/n'))).toBe('2');
});

test('what a layer makes of an entry is checked like what a caller gives', async () => {
  class Wrong extends Layer {
    protected override async _call<R>(operation: Operation<R>, next: Next): Promise<R> {
      return await next(operation.mapEntries(() => ({ body: 5 as never })));
    }
  }
  const backend = new MapFilesystem();
  const error = await typedRejection(new Wrong(backend).put('/a', { body: bytes('a') }, 'any'));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'put', path: '/a', outcome: 'not-applied' });
  expect(backend.calls).toEqual([]);
});

test('a layer gives an operation less time, and asks somebody else', async () => {
  const [hung, other] = [new MapFilesystem(), new MapFilesystem()];
  hung.before('_get', never);
  await other.put('/a', { body: bytes('other') }, 'absent');
  expect(textOf(await new Otherwise(hung, other).get('/a'))).toBe('other');
});

test('no part of an operation can be changed by a layer', async () => {
  let seen: Operation | undefined;
  class Curious extends Layer {
    protected override _call<R>(operation: Operation<R>, next: Next): Promise<R> {
      seen = operation;
      return next(operation);
    }
  }
  await new Curious(new MapFilesystem())
    .put('/a', { body: bytes('a'), indexed: { n: 1 } }, { version: 'v' })
    .catch(() => {});
  const { args } = seen as Operation;
  const parts = [args, ...Object.values<unknown>({ ...args })];
  expect(parts.filter((part) => !Object.isFrozen(part))).toEqual([]);
  expect(parts).toHaveLength(4);
});
