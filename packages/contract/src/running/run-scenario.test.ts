import { describe, expect, test } from 'vitest';
import type { RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import type { Harness } from '../harness.ts';
import { always, claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { EFFORT } from './effort.ts';
import { runScenario, type ScenarioRun } from './run-scenario.ts';

/** A harness on memory that notes what is done with its stores. */
function noting(changes: Partial<Record<'createStore' | 'open' | 'close' | 'destroy', () => Promise<void>>> = {}) {
  const done: string[] = [];
  const note = async (what: keyof typeof changes): Promise<void> => {
    done.push(what);
    await changes[what]?.();
  };
  const harness: Harness = {
    name: 'noting',
    createStore: async () => {
      await note('createStore');
      return {
        open: async () => {
          await note('open');
          const filesystem = openMemory();
          const close = filesystem.close.bind(filesystem);
          return Object.assign(filesystem, { close: () => note('close').then(close) }) as RootFilesystem;
        },
        destroy: () => note('destroy'),
      };
    },
  };
  return { harness, done };
}

const run = (harness: Harness, scenario: Scenario): Promise<ScenarioRun> =>
  runScenario(harness, scenario, { ...EFFORT.quick, scenarioTimeoutMs: 50, seed: 1 });

const scenario = (body: ScenarioBody): Scenario => always('cas.test', 'a test', body);
const passes: ScenarioBody = async () => {};
const fails: ScenarioBody = () => Promise.reject(new Error('the scenario failed'));
const hangs: ScenarioBody = () => new Promise(() => {});
const broken = () => Promise.reject(new Error('broken'));
const never = () => new Promise<void>(() => {});

describe('the store of a scenario', () => {
  test('is made afresh, closed and destroyed', async () => {
    const { harness, done } = noting();
    await expect(run(harness, scenario(passes))).resolves.toEqual({ unmet: [] });
    expect(done).toEqual(['createStore', 'open', 'close', 'destroy']);
  });

  test('is closed and destroyed also when the scenario fails', async () => {
    const { harness, done } = noting();
    await expect(run(harness, scenario(fails))).rejects.toThrow('the scenario failed');
    expect(done).toEqual(['createStore', 'open', 'close', 'destroy']);
  });

  test('is closed and destroyed also when the scenario hangs, which is a failure', async () => {
    const { harness, done } = noting();
    await expect(run(harness, scenario(hangs))).rejects.toThrow('expected the scenario to end within 50 ms');
    expect(done).toEqual(['createStore', 'open', 'close', 'destroy']);
  });

  test('is destroyed when it cannot be opened', async () => {
    const { harness, done } = noting({ open: broken });
    await expect(run(harness, scenario(passes))).rejects.toThrow('broken');
    expect(done).toEqual(['createStore', 'open', 'destroy']);
  });

  test.each(['close', 'destroy'] as const)('has failed when its %s fails or hangs', async (step) => {
    for (const [how, reason] of [
      [broken, 'broken'],
      [never, 'expected closing to end within 50 ms'],
    ] as const) {
      const { harness, done } = noting({ [step]: how });
      await expect(run(harness, scenario(passes))).rejects.toThrow(reason);
      expect(done).toEqual(['createStore', 'open', 'close', 'destroy']);
    }
  });

  test('is given up when making or opening it hangs', async () => {
    for (const step of ['createStore', 'open'] as const) {
      await expect(run(noting({ [step]: never }).harness, scenario(passes))).rejects.toThrow('within 50 ms');
    }
  });

  test('does not hide why the scenario failed by failing to close', async () => {
    const { harness } = noting({ close: broken, destroy: broken });
    await expect(run(harness, scenario(fails))).rejects.toThrow('the scenario failed');
  });

  test('may refuse to be closed again by the suite when the scenario has closed it', async () => {
    const { harness, done } = noting();
    await run(
      harness,
      scenario(({ filesystem }) => filesystem.close()),
    );
    expect(done).toEqual(['createStore', 'open', 'close', 'close', 'destroy']);
  });

  test('is closed once its hanging faults are released', async () => {
    const { harness, done } = noting();
    await run(
      harness,
      scenario(async (context) => {
        const faults = context.faults();
        faults.add({ on: 'get', when: 'before', effect: faults.hang });
        void context.filesystem.get('/a');
      }),
    );
    expect(done).toEqual(['createStore', 'open', 'close', 'destroy']);
  });
});

describe('a scenario that needs something', () => {
  const needing = (needs: Parameters<typeof claimed>[2]): Scenario =>
    claimed('cas.test', 'a test', needs, { run: fails, unclaimed: passes });

  test('is run as it is where all of that is claimed', async () => {
    await expect(run(noting().harness, needing(['versioned', 'records']))).rejects.toThrow('the scenario failed');
  });

  test('is run as its opposite where one thing is not claimed, and says which', async () => {
    await expect(run(noting().harness, needing(['versioned', 'shared']))).resolves.toEqual({ unmet: ['shared'] });
  });

  test('fails when there is no opposite', async () => {
    const without: Scenario = { ...needing(['shared']), unclaimed: undefined };
    await expect(run(noting().harness, without)).rejects.toThrow('has needs but no opposite');
  });
});
