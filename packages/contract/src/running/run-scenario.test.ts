import { describe, expect, test } from 'vitest';
import type { RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import type { Harness } from '../harness.ts';
import { always, claimed, type Scenario, type ScenarioBody } from '../scenario.ts';
import { clock } from '@holdfast/core/adapter';
import { compareBackends } from '../model/compare-backends.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import { Gate } from '../support/barrier.ts';
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

describe('a rejection that nobody handles', () => {
  const rejects = (message: string): void => void Promise.reject(new Error(message));
  const told = (message: string): string =>
    `expected somebody to handle every rejection; nobody did this one: Error: ${message}`;

  test('fails the scenario that it came from, of those that run at once, and no other', async () => {
    const leaves = scenario(async () => {
      await Promise.resolve();
      rejects('left behind');
    });
    const others = Array.from({ length: 3 }, () => run(noting().harness, scenario(passes)));
    await expect(run(noting().harness, leaves)).rejects.toThrow(told('left behind'));
    await expect(Promise.all(others)).resolves.toHaveLength(3);
  });

  test('counts as well when closing leaves it behind', async () => {
    const close = async (): Promise<void> => rejects('of closing');
    await expect(run(noting({ close }).harness, scenario(passes))).rejects.toThrow(told('of closing'));
  });

  test('is told as the cause when the scenario hangs for it', async () => {
    const failure = await run(
      noting().harness,
      scenario(() => {
        rejects('nobody goes on');
        return never();
      }),
    ).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      message: 'expected the scenario to end within 50 ms',
      cause: { message: told('nobody goes on') },
    });
  });

  test('is told to those who listened before when it comes from elsewhere, and only they are told afterwards', async () => {
    const listeners = process.rawListeners('unhandledRejection');
    const heard: unknown[] = [];
    const listen = (reason: unknown): void => void heard.push((reason as Error).message);
    for (const listener of listeners) process.off('unhandledRejection', listener as () => void);
    process.on('unhandledRejection', listen);
    try {
      const [started, goOn] = [new Gate(), new Gate()];
      const waits = scenario(() => {
        started.open();
        return goOn.passed;
      });
      const two = [run(noting().harness, waits), run(noting().harness, waits)];
      await started.passed;
      rejects('of the test');
      await clock.nextTurn();
      goOn.open();
      await Promise.all(two);
      expect(heard).toEqual(['of the test']);
      expect(process.rawListeners('unhandledRejection')).toEqual([listen]);
    } finally {
      process.off('unhandledRejection', listen);
      for (const listener of listeners) process.on('unhandledRejection', listener as () => void);
    }
  });
});

describe('a scenario that was abandoned', () => {
  test('says how far it came', async () => {
    const slow = scenario((context) => {
      context.tellWhenAbandoned(async () => 'half of it was done');
      return never();
    });
    await expect(run(noting().harness, slow)).rejects.toThrow('to end within 50 ms; half of it was done');
  });

  test('opens nothing more, and is closed when what it waited for has opened after all', async () => {
    const opening = new Gate();
    let opened = 0;
    const { harness, done } = noting({ open: () => ((opened += 1) === 1 ? Promise.resolve() : opening.passed) });
    const over = new Gate();
    const failures: unknown[] = [];
    const reopens = scenario(async (context) => {
      await context.reopen().catch((error: unknown) => failures.push(error));
      await context.reopen().catch((error: unknown) => failures.push(error));
      over.open();
    });
    await expect(run(harness, reopens)).rejects.toThrow('within 50 ms');
    opening.open();
    await over.passed;
    expect(failures).toHaveLength(2);
    for (const failure of failures)
      expect(failure).toMatchObject({ message: expect.stringContaining('abandoned') as string });
    expect(done).toEqual(['createStore', 'open', 'close', 'open', 'close', 'destroy', 'close', 'close']);
  });

  test('has no child process any more', async () => {
    const module = 'data:text/javascript,export const open = () => new Promise(() => setInterval(() => {}, 60_000))';
    let ended: Promise<unknown> | undefined;
    const waits = scenario(async () => {
      ended = spawnChild({ module, input: undefined }, { task: 'serve' }).ready();
      await ended;
    });
    await expect(run(noting().harness, waits)).rejects.toThrow('within 50 ms');
    await expect(ended).rejects.toThrow('it ended with SIGKILL');
  });

  test('makes no more stores, whatever it still compares', async () => {
    const made: string[] = [];
    const { harness } = noting({ createStore: async () => void made.push('store') });
    const compares = scenario(async () => {
      await compareBackends([{ id: 'x', harness }], { sequences: 100_000, operations: 100, timeLimitMs: 60_000 });
    });
    let still: Promise<unknown> | undefined;
    const watched = scenario((context) => (still = compares.run(context) as Promise<unknown>) as Promise<void>);
    await expect(run(harness, watched)).rejects.toThrow('within 50 ms');
    await Promise.resolve(still).catch(() => {});
    const { length } = made;
    await clock.nextTurn();
    expect(made).toHaveLength(length);
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
