import { expect, test } from 'vitest';
import type { ParsedExpectation } from '@holdfast/core/adapter';
import { Gate } from '../support/barrier.ts';
import { FaultPlan, type BackendCall, type FaultOperation } from './fault-plan.ts';

function call(operation: FaultOperation, path = '/a', expectation?: ParsedExpectation): BackendCall {
  return { operation, path, expectation };
}

function fail(): never {
  throw new Error('fault');
}

test('without rules a call gives its own answer and is recorded', async () => {
  const plan = new FaultPlan();
  const answer = await plan.around(call('get', '/x'), async () => 7);
  expect(answer).toBe(7);
  expect(plan.calls).toEqual([call('get', '/x')]);
});

test("a fault 'before' keeps the call from taking effect", async () => {
  const plan = new FaultPlan().add({ on: 'put', when: 'before', effect: fail });
  let took = false;
  const start = async (): Promise<void> => void (took = true);
  await expect(plan.around(call('put'), start)).rejects.toThrow('fault');
  expect(took).toBe(false);
  expect(plan.calls).toHaveLength(1);
});

test("a fault 'after' lets the call take effect and takes its answer away", async () => {
  const plan = new FaultPlan().add({ on: 'put', when: 'after', effect: fail });
  let took = false;
  const start = async (): Promise<void> => void (took = true);
  await expect(plan.around(call('put'), start)).rejects.toThrow('fault');
  expect(took).toBe(true);
});

test("a fault 'after' is given the answer", async () => {
  const answers: unknown[] = [];
  const plan = new FaultPlan().add({ on: 'get', when: 'after', effect: (_call, answer) => void answers.push(answer) });
  await plan.around(call('get'), async () => 7);
  expect(answers).toEqual([7]);
});

test("a fault 'after' does not hide the failure of the call itself", async () => {
  let ran = false;
  const plan = new FaultPlan().add({ on: 'put', when: 'after', effect: () => void (ran = true) });
  const start = (): Promise<never> => Promise.reject(new Error('its own'));
  await expect(plan.around(call('put'), start)).rejects.toThrow('its own');
  expect(ran).toBe(false);
});

test('a rule applies to its operation, path and expectation only', async () => {
  const hit: BackendCall[] = [];
  const effect = (matched: BackendCall): void => void hit.push(matched);
  const plan = new FaultPlan().add({ on: 'put', path: '/a', expectation: 'version', when: 'before', effect });
  const version = { version: 'v' } as ParsedExpectation;
  for (const other of [call('delete', '/a', version), call('put', '/b', version), call('put', '/a', 'any')]) {
    await plan.around(other, async () => {});
  }
  expect(hit).toEqual([]);
  await plan.around(call('put', '/a', version), async () => {});
  expect(hit).toEqual([call('put', '/a', version)]);
});

test.each(['absent', 'any'] as const)('the expectation %s is told from the others', async (expectation) => {
  let hits = 0;
  const plan = new FaultPlan().add({ on: 'put', expectation, when: 'before', effect: () => void (hits += 1) });
  for (const given of ['absent', 'any', { version: 'v' }, undefined]) {
    await plan.around(call('put', '/a', given as ParsedExpectation), async () => {});
  }
  expect(hits).toBe(1);
});

test('nth counts the matching calls since the rule was added', async () => {
  const plan = new FaultPlan();
  const get = (path?: string): Promise<string> => plan.around(call('get', path), async () => 'ok');
  await get();
  plan.add({ on: 'get', path: '/a', nth: 2, when: 'before', effect: fail });
  await get();
  await get('/b');
  await expect(get()).rejects.toThrow('fault');
  await expect(get()).resolves.toBe('ok');
});

test('a rule without nth applies again and again, until the rules are cleared', async () => {
  const plan = new FaultPlan().add({ on: 'get', when: 'before', effect: fail });
  for (let round = 0; round < 3; round += 1) {
    await expect(plan.around(call('get'), async () => 1)).rejects.toThrow('fault');
  }
  plan.clear();
  await expect(plan.around(call('get'), async () => 1)).resolves.toBe(1);
});

test('rules apply in the order in which they were added', async () => {
  const order: number[] = [];
  const plan = new FaultPlan();
  for (const number of [1, 2, 3]) plan.add({ on: 'get', when: 'before', effect: () => void order.push(number) });
  await plan.around(call('get'), async () => {});
  expect(order).toEqual([1, 2, 3]);
});

test('a call that hangs goes on hanging after the rules are cleared, and ends when the plan is released', async () => {
  const plan = new FaultPlan();
  const started = new Gate();
  plan.add({
    on: 'get',
    when: 'before',
    effect: () => {
      started.open();
      return plan.hang();
    },
  });
  let answered = false;
  const hung = plan.around(call('get'), async () => 'late').finally(() => (answered = true));
  await started.passed;
  plan.clear();
  await plan.around(call('get'), async () => {});
  expect(answered).toBe(false);
  plan.release();
  await expect(hung).resolves.toBe('late');
  await plan.add({ on: 'get', when: 'before', effect: plan.hang }).around(call('get'), async () => {});
});
