import {
  CasApply,
  casUpdate,
  commit,
  createRecord,
  getMany,
  isHoldfastError,
  joinPath,
  jsonCodec,
  listAll,
  mountTable,
  nameOf,
  parentOf,
  parseDirectory,
  parsePath,
  readRecord,
  records,
  reencrypt,
  scopedView,
  segment,
  textOfSegment,
  transact,
  versionedCodec,
  withConcurrencyLimit,
  withEncryption,
  withPrefix,
  withReadOnly,
  withRetry,
  withTimeout,
  withTracing,
  type RootFilesystem,
} from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WRAPS } from '../call-sites/backends/wrappers.ts';
import { fuzz } from './machine/fuzz.ts';
import { CANARY, Thrown, hostile, mostly, plain, record, type Made } from './machine/hostile.ts';

type Filesystem = RootFilesystem;

const CORE = {
  getMany,
  casUpdate,
  transact,
  commit,
  createRecord,
  readRecord,
  records,
  listAll,
  reencrypt,
  jsonCodec,
  versionedCodec,
  segment,
  textOfSegment,
  joinPath,
  nameOf,
  parentOf,
  parsePath,
  parseDirectory,
  mountTable,
  scopedView,
  withPrefix,
  withReadOnly,
  withTimeout,
  withRetry,
  withConcurrencyLimit,
  withEncryption,
  withTracing,
  isHoldfastError,
};

const path = plain(fc.constantFrom('/a', '/a/b', '/c', '/d/e/f', '/'));
const body = plain(fc.uint8Array({ maxLength: 8 }));
const text = plain(fc.constantFrom('text', 'application/json', 'a'));
const integer = plain(fc.constantFrom(0, 1, 2, 10, 1000));
const indexed = record({ n: integer, s: text });
const entry = record({ body, contentType: text, kind: text, indexed });
const version = plain(fc.constantFrom('v1', CANARY));
const expectation = fc.oneof(plain(fc.constantFrom('absent', 'any')), record({ version }));
const signal: fc.Arbitrary<Made> = fc.constant({ name: 'a signal', make: () => new AbortController().signal });
const options = record({ timeoutMs: plain(fc.constantFrom(5, 1000)), signal });
const pages = record({
  timeoutMs: plain(fc.constant(1000)),
  after: text,
  limit: integer,
  pageSize: integer,
  pageBytes: integer,
});
const updates = record({ timeoutMs: plain(fc.constant(50)), maxAttempts: integer, combine: plain(fc.boolean()) });
const paths = fc.array(mostly(path), { maxLength: 3 }).map(list);
const change = fc.oneof(
  record({ put: path, entry, expectation }),
  record({ delete: path, expectation }),
  record({ check: path, expectation }),
);
const changes = fc.array(mostly(change), { maxLength: 3 }).map(list);

function list(made: readonly Made[]): Made {
  return { name: `[${made.map(({ name }) => name).join('; ')}]`, make: () => made.map(({ make }) => make()) };
}

/** What a function of the caller gives, or throws. A revoked proxy that is awaited is thrown as the engine spells it. */
const giving = (made: fc.Arbitrary<Made>): fc.Arbitrary<Made> =>
  fc
    .tuple(
      mostly(made).filter(({ name }) => !name.startsWith('a revoked proxy')),
      fc.boolean(),
    )
    .map(([it, later]) => ({
      name: `a function that gives ${it.name}`,
      make: () => (later ? async () => it.make() : () => it.make()),
    }));

const json: Made = { name: 'jsonCodec', make: () => jsonCodec({ kind: 'k' }) };
const codec = fc.oneof(fc.constant(json), record({ encode: giving(entry), decode: giving(hostile) }));
const decision = fc.tuple(fc.constantFrom('write', 'forceWrite', 'noOp', 'delete'), hostile).map(([name, it]) => ({
  name: `${name} of ${it.name}`,
  make: () => (CasApply[name as 'write'] as (value: unknown) => unknown)(it.make()),
}));

const permissions = plain(fc.constant(['read', 'write', 'list', 'delete']));
const memory: Made = { name: 'a filesystem', make: () => openMemory() };
const filesystem = mostly(fc.constant(memory));
const mounts = fc.array(mostly(record({ at: path, filesystem })), { maxLength: 3 }).map(list);
const grants = fc.array(mostly(record({ at: path, to: path, permissions })), { maxLength: 3 }).map(list);
const key: Made = { name: 'a key', make: () => new Uint8Array(32) };
const ring = record({
  keys: record({ k: fc.constant(key) }),
  currentKey: plain(fc.constant('k')),
});
const lane = record({ limit: integer, queue: integer });
const tracer: Made = {
  name: 'a tracer',
  make: () => ({ startActiveSpan: (_: string, __: object, run: (span: object) => unknown) => run({}) }),
};

/** A function of core, what its arguments should be, and whether the first of them is a filesystem. */
interface Target {
  readonly name: string;
  readonly ofFilesystem: boolean;
  /** Whether what is given in the place of the filesystem may be anything. */
  readonly ofStrangers?: boolean;
  readonly arguments: readonly fc.Arbitrary<Made>[];
  readonly call: (...given: never[]) => unknown;
}

/** Steps of an iteration, all of which are heard of. */
async function drain(it: AsyncIterable<unknown>): Promise<void> {
  for await (const _step of it);
}

const METHODS: readonly Target[] = (
  [
    ['get', [path, options]],
    ['put', [path, entry, expectation, options]],
    ['delete', [path, expectation, options]],
    ['list', [path, pages]],
    ['capabilitiesAt', [path]],
    ['entries', [path, pages]],
  ] as const
).map(([name, args]) => ({
  name,
  ofFilesystem: true,
  arguments: args,
  call: (fs: Filesystem, ...given: unknown[]) => {
    const answer = (fs[name] as (...given: unknown[]) => unknown).apply(fs, given);
    return name === 'entries' ? drain(answer as AsyncIterable<unknown>) : answer;
  },
}));

/** Helpers that take a filesystem, all of which reject. */
const HELPERS: readonly Target[] = (
  [
    ['getMany', [paths, options]],
    ['casUpdate', [path, codec, giving(decision), updates]],
    ['transact', [giving(hostile), updates]],
    ['commit', [changes, options]],
    ['createRecord', [path, codec, hostile, options]],
    ['readRecord', [path, codec, options]],
    ['records', [path, codec, pages]],
    ['listAll', [path, pages]],
    ['reencrypt', [path, pages]],
  ] as const
).map(([name, args]) => ({
  name,
  ofFilesystem: true,
  ofStrangers: true,
  arguments: args,
  call: (...given: unknown[]) => {
    const answer = (CORE[name] as unknown as (...given: unknown[]) => unknown)(...given);
    return name === 'records' || name === 'listAll' ? drain(answer as AsyncIterable<unknown>) : answer;
  },
}));

/** A transaction whose function does what it likes. */
const TRANSACTION: Target = {
  name: 'transact, with reads and writes',
  ofFilesystem: true,
  arguments: [path, codec, hostile, path],
  call: (fs: Filesystem, at: string, by: never, value: never, other: string) =>
    transact(
      fs,
      async (it) => {
        await it.get(at, by);
        await it.put(at, by, value);
        await it.delete(other);
      },
      { timeoutMs: 100, maxAttempts: 2 },
    ),
};

/** What makes something, and what only looks. */
const MAKERS: readonly Target[] = (
  [
    ['jsonCodec', [record({ kind: text, schema: hostile, index: giving(indexed) })]],
    ['versionedCodec', [codec, record({ codec, upgrade: giving(hostile) })]],
    ['segment', [text]],
    ['textOfSegment', [text]],
    ['joinPath', [path, text]],
    ['nameOf', [path]],
    ['parentOf', [path]],
    ['parsePath', [path]],
    ['parseDirectory', [path]],
    ['mountTable', [mounts]],
    ['scopedView', [filesystem, grants]],
    ['withPrefix', [filesystem, path]],
    ['withReadOnly', [filesystem]],
    ['withTimeout', [filesystem, record({ timeoutMs: integer })]],
    ['withRetry', [filesystem, record({ maxAttempts: integer, backoffMinMs: integer, backoffMaxMs: integer })]],
    ['withConcurrencyLimit', [filesystem, record({ reads: lane, writes: lane })]],
    ['withEncryption', [filesystem, ring]],
    ['withTracing', [filesystem, record({ tracer: fc.constant(tracer), paths: text })]],
    ['isHoldfastError', [hostile, text]],
  ] as const
).map(([name, args]) => ({
  name,
  ofFilesystem: false,
  arguments: args,
  call: (...given: unknown[]) => (CORE[name] as unknown as (...given: unknown[]) => unknown)(...given),
}));

/** What throws for the engine, and not for the caller, whoever looks at it. */
function isRevoked(value: unknown): boolean {
  try {
    Array.isArray(value);
    Reflect.getPrototypeOf(Object(value) as object);
    return false;
  } catch (error) {
    return !(error instanceof Thrown);
  }
}

/** What is made of anything has to be fit for use, or say what is wrong with what it was given. */
const USES: readonly Target[] = [
  {
    name: 'mountTable, used',
    ofFilesystem: false,
    arguments: [mounts, path],
    call: (given: never, at: string) => mountTable(given).get(at),
  },
  {
    name: 'scopedView, used',
    ofFilesystem: false,
    arguments: [grants, path, entry, expectation],
    call: (given: never, at: string, it: never, expected: never) =>
      scopedView(openMemory(), given).put(at, it, expected),
  },
  {
    name: 'withEncryption, used',
    ofFilesystem: false,
    arguments: [ring, path, entry, expectation],
    call: (given: never, at: string, it: never, expected: never) =>
      withEncryption(openMemory(), given).put(at, it, expected),
  },
  {
    name: 'jsonCodec, used',
    ofFilesystem: false,
    arguments: [record({ kind: text, index: giving(indexed) }), hostile],
    call: (given: never, value: never) => createRecord(openMemory(), '/a', jsonCodec(given), value),
  },
  {
    name: 'jsonCodec, decoding',
    ofFilesystem: false,
    arguments: [entry],
    call: (stored: never) => (isRevoked(stored) ? undefined : jsonCodec({ kind: 'text' }).decode(stored)),
  },
  {
    name: 'versionedCodec, used',
    ofFilesystem: false,
    arguments: [codec, record({ codec, upgrade: giving(hostile) }), hostile],
    call: async (first: never, step: never, value: never) => {
      const [fs, both] = [openMemory(), versionedCodec(first, step)];
      await createRecord(fs, '/a', both, value);
      await readRecord(fs, '/a', both);
    },
  },
];

const NAMES = Object.keys(WRAPS);

const input = fc.constantFrom(...METHODS, ...HELPERS, TRANSACTION, ...MAKERS, ...USES).chain((target) =>
  fc.record({
    target: fc.constant(target),
    given: fc.tuple(...target.arguments.map((argument) => mostly(argument))),
    wrap: fc.constantFrom(...NAMES),
    stranger: fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: hostile }),
  }),
);

test('every function of core, through every wrapper: whatever it is given', async (context) => {
  const filesystems = new Map<string, Filesystem>();
  for (const [name, wrap] of Object.entries(WRAPS)) {
    const fs = wrap(openMemory());
    filesystems.set(name, fs);
    // A record whose body is a secret, that nothing may show.
    await fs.put(
      '/a',
      { body: new TextEncoder().encode(`{"${CANARY}":`), kind: 'k', contentType: 'application/json' },
      'any',
    );
  }
  const problem = await fuzz(context, {
    where: 'core',
    inputs: 60_000,
    describe: ({ target, given, wrap, stranger }) =>
      `${target.name}(${[stranger ?? { name: wrap }, ...given].map(({ name }) => name).join(' | ')})`,
    arbitrary: input,
    attempt: ({ target, given, wrap, stranger }) => {
      const values = given.map(({ make }) => make());
      const isStrange = stranger !== undefined && target.ofStrangers === true;
      const first = target.ofFilesystem ? [isStrange ? stranger.make() : filesystems.get(wrap)] : [];
      return (target.call as (...given: unknown[]) => unknown)(...first, ...values);
    },
  });
  expect(problem).toBe('');
});
