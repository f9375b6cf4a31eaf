import { expect, test } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch } from './support/scratch.ts';

const body = new Uint8Array([1]);

test('a write behind a patient one is BUSY after its own busyTimeoutMs, and the patient one lands later', async () => {
  await using scratch = await makeScratch();
  await using patient = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
  await using hurried = await openLibsql({ config: scratch.config, busyTimeoutMs: 50 });
  const holder = await scratch.raw().transaction('write');
  let landed = false;
  const first = patient.put('/a', { body }, 'absent').then(() => (landed = true));
  expect(await refusal(hurried.put('/b', { body }, 'absent', { timeoutMs: 20_000 }))).toBe('BUSY not-applied');
  expect(landed).toBe(false);
  await holder.commit();
  await first;
  expect((await patient.list('/')).children.map(({ name }) => name)).toEqual(['a']);
});

test('a write that gives up behind another one still learns that its expectation does not hold', async () => {
  await using scratch = await makeScratch();
  await using patient = await openLibsql({ config: scratch.config, busyTimeoutMs: 60_000 });
  await using hurried = await openLibsql({ config: scratch.config, busyTimeoutMs: 50 });
  await hurried.put('/b', { body }, 'absent');
  const holder = await scratch.raw().transaction('write');
  const first = patient.put('/a', { body }, 'absent');
  const second = hurried.put('/b', { body }, 'absent', { timeoutMs: 20_000 });
  expect(await refusal(second)).toBe('VERSION_MISMATCH not-applied');
  await holder.commit();
  await first;
});
