import { isHoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import {
  DEFAULT_MAX_BODY_BYTES,
  HIGHEST_MAX_BODY_BYTES,
  MAX_COMMIT_BYTES,
  MAX_COMMIT_CHANGES,
} from './capabilities.ts';
import { openMemory } from './open-memory.ts';

test('it promises the same at every path', async () => {
  await using memory = openMemory();
  expect(memory.capabilitiesAt('/')).toEqual({
    cas: 'versioned',
    records: true,
    indexed: true,
    contentTypes: true,
    conditionalDelete: true,
    paths: 'prefix',
    durability: 'none',
    sharing: 'instance',
    maxBodyBytes: 16 * 1024 * 1024,
    maxPathBytes: 1024,
    maxCommitChanges: MAX_COMMIT_CHANGES,
    maxCommitBytes: MAX_COMMIT_BYTES,
    planes: ['atomic-commit'],
  });
  expect(memory.capabilitiesAt('/a/b')).toBe(memory.capabilitiesAt('/'));
  expect(DEFAULT_MAX_BODY_BYTES).toBe(16 * 1024 * 1024);
});

test('the longest body has room in a commit, whatever it is', () => {
  const { maxCommitBytes } = openMemory({ maxBodyBytes: HIGHEST_MAX_BODY_BYTES }).capabilitiesAt('/');
  expect(maxCommitBytes).toBe(HIGHEST_MAX_BODY_BYTES);
});

test('every call gives a store of its own', async () => {
  await using one = openMemory();
  await using other = openMemory({ maxBodyBytes: undefined });
  await one.put('/a', { body: Uint8Array.of(1) }, 'any');
  expect(await other.get('/a')).toBeUndefined();
});

test('the limit of a body can be set, and is the limit', async () => {
  await using memory = openMemory({ maxBodyBytes: 3 });
  expect(memory.capabilitiesAt('/').maxBodyBytes).toBe(3);
  await memory.put('/a', { body: new Uint8Array(3) }, 'any');
  const refused = await memory.put('/a', { body: new Uint8Array(4) }, 'any').catch((error: unknown) => error);
  expect(isHoldfastError(refused, 'BODY_TOO_LARGE')).toBe(true);
});

test.each([
  null,
  1,
  'options',
  { maxBodyBytes: 0 },
  { maxBodyBytes: 1.5 },
  { maxBodyBytes: '1' },
  { maxBodyBytes: 2 ** 31 },
  { maxBytes: 1 },
])('%o is refused', (options) => {
  let error: unknown;
  try {
    openMemory(options as never);
  } catch (thrown) {
    error = thrown;
  }
  expect(isHoldfastError(error, 'INVALID_ARGUMENT')).toBe(true);
});

test('options that throw when they are looked at are refused', () => {
  const boom = (): never => {
    throw new Error('boom');
  };
  const options = Object.defineProperty({}, 'maxBodyBytes', { get: boom, enumerable: true });
  expect(() => openMemory(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }) as Error);
});
