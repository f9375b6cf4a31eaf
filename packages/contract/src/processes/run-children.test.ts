import { expect, test } from 'vitest';
import { runChildren } from './run-children.ts';
import type { Child } from './spawn-child.ts';

test('when one child fails to open the store, the others are ended, also those that have not opened it yet', async () => {
  const killed: string[] = [];
  const child = (name: string, ready: Promise<void>): Child => ({
    ready: () => ready,
    begin: () => {},
    send: () => {},
    async *messages() {
      yield* [];
    },
    async *messagesUntilKilled() {
      yield* [];
    },
    ended: () => new Promise(() => {}),
    report: () => new Promise(() => {}),
    kill: async () => void killed.push(name),
  });
  const never = new Promise<void>(() => {});
  const children = [
    child('fails', Promise.reject(new Error('no such module'))),
    child('opens', Promise.resolve()),
    child('hangs', never),
  ];
  const task = { task: 'put-entries', prefix: '/x', entries: 1 } as const;
  const reports = runChildren(
    { module: 'nowhere', input: undefined },
    3,
    () => task,
    () => children.shift() as Child,
  );
  await expect(reports).rejects.toThrow('no such module');
  expect(killed).toEqual(['fails', 'opens', 'hangs']);
});
