import { expect, test } from 'vitest';
import { commit, HoldfastError } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { injectFaults } from './inject-faults.ts';

const ENTRY = { body: new Uint8Array(1) };

function lost(): never {
  throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome: 'unknown' });
}

test('every operation of an adapter is seen, with its path and expectation', async () => {
  const filesystem = openMemory();
  const plan = injectFaults(filesystem);
  const { version } = await filesystem.put('/a', ENTRY, 'absent');
  await filesystem.get('/a');
  await filesystem.list('/');
  await filesystem.entries('/').next();
  await filesystem.delete('/a', { version });
  const put = { path: '/a', expectation: 'absent', version, entry: expect.objectContaining(ENTRY) as object };
  const request = expect.objectContaining(put) as object;
  expect(plan.calls).toContainEqual({ operation: 'put', path: '/a', expectation: 'absent', request });
  expect(plan.calls).toContainEqual({ operation: 'get', path: '/a', expectation: undefined });
  expect(plan.calls).toContainEqual({ operation: 'list', path: '/', expectation: undefined });
  expect(plan.calls).toContainEqual({ operation: 'scan', path: '/', expectation: undefined });
  const deletion = { path: '/a', expectation: { version } };
  expect(plan.calls).toContainEqual({
    operation: 'delete',
    ...deletion,
    request: expect.objectContaining(deletion) as object,
  });
});

test('what is refused before the backend is asked is not seen', async () => {
  const filesystem = openMemory();
  const plan = injectFaults(filesystem);
  await expect(filesystem.put('/a', ENTRY, 'wrong' as 'any')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await expect(filesystem.get('relative')).rejects.toMatchObject({ code: 'INVALID_PATH' });
  expect(plan.calls).toEqual([]);
});

test('a fault is what the backend would have failed with, so that the base class deals with it', async () => {
  const filesystem = openMemory();
  injectFaults(filesystem).add({ on: 'put', nth: 1, when: 'after', effect: lost });
  const { version } = await filesystem.put('/a', ENTRY, 'absent');
  expect((await filesystem.get('/a'))?.version).toBe(version);
});

test('a commit is seen by the path of its first change, and can be made to fail', async () => {
  const filesystem = openMemory();
  const plan = injectFaults(filesystem).add({ on: 'commit', path: '/b', nth: 1, when: 'after', effect: lost });
  const changes = [
    { put: '/b', entry: ENTRY, expectation: 'absent' } as const,
    { delete: '/a', expectation: 'any' } as const,
  ];
  const { version } = await commit(filesystem, changes);
  expect((await filesystem.get('/b'))?.version).toBe(version);
  const request = expect.objectContaining({ version }) as object;
  expect(plan.calls).toContainEqual({ operation: 'commit', path: '/b', expectation: undefined, request });
});

test('one adapter has no faults of another', async () => {
  const [one, other] = [openMemory(), openMemory()];
  injectFaults(one).add({ on: 'get', when: 'before', effect: () => Promise.reject(new Error('fault')) });
  await expect(one.get('/a')).rejects.toMatchObject({ code: 'BACKEND_FAILED' });
  await expect(other.get('/a')).resolves.toBeUndefined();
});

test('plans can be put on top of each other', async () => {
  const filesystem = openMemory();
  const [inner, outer] = [injectFaults(filesystem), injectFaults(filesystem)];
  await filesystem.get('/a');
  expect([inner.calls.length, outer.calls.length]).toEqual([1, 1]);
});
