import { expect, test } from 'vitest';
import { startChild, startChildren } from './start-child.ts';

const speak = new URL('../test/children/speak.ts', import.meta.url);
const end = new URL('../test/children/end.ts', import.meta.url);

test('a child that is told to go on gets its arguments as texts, and its answer comes back', async () => {
  await using child = await startChild(speak, 'a', 1);
  expect(await child.tell()).toEqual(['a', '1']);
});

test('several children wait until each of them is told', async () => {
  const children = await startChildren(3, speak, 'here');
  expect(await Promise.all(children.map((child) => child.tell()))).toEqual([['here'], ['here'], ['here']]);
});

test('a child that ends without an answer is a failure that names its exit code', async () => {
  await using child = await startChild(speak);
  await expect(child.tell()).rejects.toThrow('the child ended with 3');
});

test('a child that ends before it is ready is a failure too', async () => {
  await expect(startChild(end)).rejects.toThrow('the child ended with 4');
});

test('a child that is killed is gone', async () => {
  await using child = await startChild(speak, 'a');
  await child.kill();
  await expect(child.tell()).rejects.toThrow('the child ended with SIGKILL');
});
