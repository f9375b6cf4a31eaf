import { expect, test } from 'vitest';
import { Barrier, Gate, nextTurn, reached } from './barrier.ts';

/** Whether a promise has settled by the time that everything else that is ready has run. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => (done = true),
    () => (done = true),
  );
  await nextTurn();
  return done;
}

test('a barrier lets nobody through until all have arrived, and then everybody', async () => {
  const barrier = new Barrier(3);
  const first = barrier.arrive();
  const second = barrier.arrive();
  expect(await settled(Promise.race([first, second]))).toBe(false);
  const third = barrier.arrive();
  await Promise.all([first, second, third]);
});

test('whoever arrives late at a barrier passes at once', async () => {
  const barrier = new Barrier(1);
  await barrier.arrive();
  expect(await settled(barrier.arrive())).toBe(true);
});

test('a barrier for nobody is open', async () => {
  expect(await settled(new Barrier(0).arrive())).toBe(true);
});

test('a barrier can be opened although somebody is missing', async () => {
  const barrier = new Barrier(2);
  const first = barrier.arrive();
  expect(await settled(first)).toBe(false);
  barrier.open();
  await first;
});

test('a gate holds everybody until it is opened, and stays open', async () => {
  const gate = new Gate();
  expect(await settled(gate.passed)).toBe(false);
  gate.open();
  gate.open();
  await gate.passed;
});

test('reached resolves when the gate is opened, while the call is still under way', async () => {
  const gate = new Gate();
  const waiting = reached(gate, new Promise(() => {}));
  expect(await settled(waiting)).toBe(false);
  gate.open();
  await waiting;
});

test('reached rejects when the call is answered before it came to the gate', async () => {
  await expect(reached(new Gate(), Promise.resolve())).rejects.toThrow('expected a call to reach the backend');
  await expect(reached(new Gate(), Promise.reject(new Error('its own')))).rejects.toThrow('its own');
});

test('a call that fails after it came to the gate may be left unawaited', async () => {
  const gate = new Gate();
  const answer = Promise.withResolvers<void>();
  gate.open();
  await reached(gate, answer.promise);
  answer.reject(new Error('late'));
  // An unhandled rejection would fail the test file.
  expect(await settled(answer.promise)).toBe(true);
});
