import { commit, isHoldfastError, type HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { MAX_COMMIT_BYTES, MAX_COMMIT_CHANGES } from './capabilities.ts';
import type { MemoryFilesystem } from './memory-filesystem.ts';
import { openMemory } from './open-memory.ts';

const entry = { body: Uint8Array.of(1) };

async function versions(memory: MemoryFilesystem): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const stored of memory.entries('/')) found[stored.path] = stored.version;
  return found;
}

async function refusal(call: Promise<unknown>): Promise<HoldfastError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (isHoldfastError(error)) return error;
  throw new Error('expected a refusal');
}

test('a commit lands as a whole, with one version', async () => {
  await using memory = openMemory();
  await memory.put('/gone', entry, 'absent');
  const { version } = await commit(memory, [
    { put: '/a', entry, expectation: 'absent' },
    { put: '/b', entry, expectation: 'any' },
    { delete: '/gone', expectation: 'any' },
    { check: '/gone/too', expectation: 'absent' },
  ]);
  expect(await versions(memory)).toEqual({ '/a': version, '/b': version });
});

test('a mismatch in the last change leaves everything as it is', async () => {
  await using memory = openMemory();
  const { version } = await memory.put('/a', entry, 'absent');
  const puts = Array.from({ length: 99 }, (_, index) => ({ put: `/b/${index}`, entry, expectation: 'any' }) as const);
  const error = await refusal(commit(memory, [...puts, { put: '/a', entry, expectation: 'absent' }]));
  expect(error).toMatchObject({ code: 'VERSION_MISMATCH', path: '/a', paths: ['/a'] });
  expect(await versions(memory)).toEqual({ '/a': version });
});

test('it may be as large as the limits say', async () => {
  await using memory = openMemory();
  const puts = (count: number, length: number) =>
    Array.from(
      { length: count },
      (_, index) => ({ put: `/${index}`, entry: { body: new Uint8Array(length) }, expectation: 'any' }) as const,
    );
  await commit(memory, puts(MAX_COMMIT_CHANGES, 1));
  expect((await refusal(commit(memory, puts(MAX_COMMIT_CHANGES + 1, 1)))).capability).toBe('maxCommitChanges');
  const half = MAX_COMMIT_BYTES / 2;
  await commit(memory, puts(2, half));
  const more = [...puts(2, half), { put: '/more', entry, expectation: 'any' } as const];
  expect((await refusal(commit(memory, more))).capability).toBe('maxCommitBytes');
});
