import { describe, expect, test } from 'vitest';
import { HoldfastError } from '@holdfast/core';
import { pause } from '@holdfast/core/adapter';
import { MemoryFilesystem, openMemory } from '@holdfast/memory';
import { injectFaults } from '../faults/inject-faults.ts';
import type { Harness } from '../harness.ts';
import { SCENARIOS } from '../scenarios/catalog.ts';
import { CONTRACT_VERSION } from './contract-version.ts';
import type { ScenarioReport } from './report.ts';
import { runContract } from './run-contract.ts';

const EMPTY = 'bytes.empty';
const VALUES = 'bytes.every-value';

// Why one that reads an empty body as absent fails.
const LENGTH = 'ContractViolation: expected the length of the body to be 0; got undefined';

function harness(open: () => MemoryFilesystem = openMemory, knownGaps?: readonly string[]): Harness {
  return {
    name: 'memory',
    createStore: async () => ({ open: async () => open(), destroy: async () => {} }),
    ...(knownGaps === undefined ? {} : { knownGaps }),
  };
}

/** One that fails `bytes.empty`. */
class ReadsEmptyAsAbsent extends MemoryFilesystem {
  protected override async _get(path: Parameters<MemoryFilesystem['_get']>[0]) {
    const found = await super._get(path);
    return found?.body.length === 0 ? undefined : found;
  }
}

const openBroken = () => new ReadsEmptyAsAbsent(openMemory().capabilitiesAt('/'));

describe('a report', () => {
  test('tells of every scenario how it ended, and survives JSON', async () => {
    const report = await runContract(harness(openBroken), {
      effort: 'quick',
      only: [EMPTY, VALUES, 'close.one-of-several'],
    });
    expect(report).toMatchObject({
      harness: 'memory',
      ok: false,
      capabilities: { cas: 'versioned', sharing: 'instance' },
      counts: { passed: 1, refused: 1, 'known-gap': 0, failed: 1 },
      scenarios: [
        { id: EMPTY, status: 'failed', reason: LENGTH },
        { id: VALUES, status: 'passed', title: 'every byte value comes back, alone and together' },
        { id: 'close.one-of-several', status: 'refused' },
      ],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  test('says what it was made with, and of what is not claimed what that is', async () => {
    const named = { ...harness(), version: '1.2.3' };
    const report = await runContract(named, { effort: 'quick', roundTripMs: 2, only: ['close.one-of-several'] });
    expect(report).toMatchObject({
      versions: { node: process.versions.node, promises: CONTRACT_VERSION, adapter: '1.2.3' },
      effort: 'quick',
      roundTripMs: 2,
      scenarios: [{ status: 'refused', notClaimed: ['shared'] }],
    });
    const { core, contract } = report.versions;
    for (const version of [core, contract]) expect(version).toMatch(/^\d+\.\d+\.\d+/);
    expect((await runContract(harness(), { effort: 'quick', only: [EMPTY] })).versions).not.toHaveProperty('adapter');
  });

  test('tells of a failure what is at the bottom of it, and where', async () => {
    class HasABug extends MemoryFilesystem {
      protected override _put(): never {
        throw new TypeError('rows is not iterable');
      }
    }
    const open = () => new HasABug(openMemory().capabilitiesAt('/'));
    const only = [EMPTY, 'expectation.put-absent-on-present', 'model.sequence'];
    const { scenarios } = await runContract(harness(open), { effort: 'quick', only });
    for (const { reason, cause } of scenarios) {
      expect(reason).toMatch(/\nCaused by TypeError: rows is not iterable$/);
      expect(cause).toMatch(/^TypeError: rows is not iterable\n.*HasABug\._put.*run-contract\.test\.ts/);
    }
    expect(scenarios).toHaveLength(3);
  });

  test('of a scenario that runs its opposite says so when that fails', async () => {
    class Closes extends MemoryFilesystem {
      override async close(): Promise<void> {}
    }
    const open = () => new Closes(openMemory().capabilitiesAt('/'));
    const { scenarios } = await runContract(harness(open), { effort: 'quick', only: ['close.one-of-several'] });
    const reason = expect.stringContaining("not claimed: sharing: 'process'") as string;
    expect(scenarios).toMatchObject([{ status: 'failed', notClaimed: ['shared'], reason }]);
  });

  test('names the claim for which a scenario was run that fails, where the claim may be what is wrong', async () => {
    const claims = { ...openMemory().capabilitiesAt('/'), sharing: 'process' } as const;
    // Each instance has a store of its own.
    const open = () => new MemoryFilesystem(claims as never);
    const only = ['version.holds-across-instances', VALUES];
    const { scenarios } = await runContract(harness(open), { effort: 'quick', only });
    const [shared, alone] = scenarios.toSorted((a, b) => (a.status < b.status ? -1 : 1));
    expect(shared).toMatchObject({ id: only[0], status: 'failed' });
    expect(shared?.reason).toMatch(/\nIt was run since this is claimed: sharing: 'process'$/);
    expect(alone).toMatchObject({ id: VALUES, status: 'passed' });
  });

  test('goes on after a rejection that nobody handles, and blames the scenario that it came from, also when it is late', async () => {
    let late: (() => void) | undefined;
    class LeavesRejections extends MemoryFilesystem {
      protected override async _put(...given: Parameters<MemoryFilesystem['_put']>): Promise<void> {
        await super._put(...given);
        if (late !== undefined) return late();
        const { promise, reject } = Promise.withResolvers<void>();
        void promise.then(() => {});
        late = () => reject(new Error('of a timer of its own'));
      }
    }
    const open = () => new LeavesRejections(openMemory().capabilitiesAt('/'));
    const seen: string[] = [];
    const { ok, scenarios } = await runContract(harness(open), {
      effort: 'quick',
      only: [EMPTY, VALUES],
      onScenario: ({ status }) => seen.push(status),
    });
    expect({ ok, seen }).toEqual({ ok: false, seen: ['passed', 'passed'] });
    expect(scenarios).toMatchObject([
      { id: EMPTY, status: 'failed', reason: expect.stringContaining('of a timer of its own') as string },
      { id: VALUES, status: 'passed' },
    ]);
  });

  test('of a storm that runs out of time says how fast it was, and that nothing was lost', async () => {
    const open = () => {
      const filesystem = openMemory();
      injectFaults(filesystem).add({ on: 'put', when: 'before', effect: () => pause(20, undefined) });
      return filesystem;
    };
    const { scenarios } = await runContract(harness(open), {
      scenarioTimeoutMs: 400,
      only: ['cas.storm-one-instance'],
    });
    expect(scenarios[0]?.reason).toMatch(
      /within 400 ms; \d+ of 6400 updates were made, \d+\.\d a second, and none of them was lost: see `roundTripMs`/,
    );
  });

  test('comes scenario by scenario as well', async () => {
    const seen: ScenarioReport[] = [];
    const { scenarios } = await runContract(harness(), {
      effort: 'quick',
      only: ['bytes'],
      onScenario: (it) => seen.push(it),
    });
    expect(seen).toEqual(scenarios);
  });

  test('has a reason when something is thrown that is no error', async () => {
    const nonsense: unknown = 'nonsense';
    class Throws extends MemoryFilesystem {
      override get(): never {
        throw nonsense;
      }
    }
    const open = () => new Throws(openMemory().capabilitiesAt('/'));
    const { scenarios } = await runContract(harness(open), { effort: 'quick', only: [EMPTY] });
    expect(scenarios).toMatchObject([{ status: 'failed', reason: 'nonsense' }]);
  });

  test('is not given when not even a store can be opened', async () => {
    const createStore = () => Promise.reject(new Error('no server'));
    await expect(runContract({ name: 'none', createStore })).rejects.toThrow('no server');
  });

  test('is not given, but what is at the bottom of it is told, when the adapter that cannot open withholds that', async () => {
    const cause = new Error('no such table: entries');
    const open = () => Promise.reject(new HoldfastError('BACKEND_FAILED', 'the store is not there', { cause }));
    const createStore = async () => ({ open, destroy: async () => {} });
    const failure: unknown = await runContract({ name: 'none', createStore }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'ContractViolation', cause });
    expect(String(failure)).toMatch(/the store is not there\nCaused by Error: no such table: entries$/);
  });

  test('counts a scenario that hangs as failed, and goes on', async () => {
    class Hangs extends MemoryFilesystem {
      protected override _put(): Promise<never> {
        return new Promise(() => {});
      }

      override async close(): Promise<void> {}
    }
    const open = () => new Hangs(openMemory().capabilitiesAt('/'));
    const options = { effort: 'quick', scenarioTimeoutMs: 300, only: [EMPTY, 'list.nothing', 'path.invalid'] } as const;
    const { scenarios } = await runContract(harness(open), options);
    expect(scenarios.map(({ status }) => status)).toEqual(['failed', 'failed', 'passed']);
    expect(scenarios[0]?.reason).toContain('expected the scenario to end within 300 ms');
  });

  test('cannot be had of a store that never opens, and says so', async () => {
    const never: Harness = {
      name: 'hangs',
      createStore: async () => ({ open: () => new Promise(() => {}), destroy: async () => {} }),
    };
    const run = runContract(never, { effort: 'quick', scenarioTimeoutMs: 50 });
    await expect(run).rejects.toThrow('expected opening the first store to end within 50 ms');
  });
});

describe('a known gap', () => {
  const options = { effort: 'quick', only: [EMPTY, VALUES] } as const;

  test('is expected to fail', async () => {
    const { ok, scenarios } = await runContract(harness(openBroken, [EMPTY]), options);
    expect(ok).toBe(true);
    expect(scenarios).toMatchObject([{ status: 'known-gap', reason: LENGTH }, { status: 'passed' }]);
  });

  test('turns red when it passes', async () => {
    const { ok, scenarios } = await runContract(harness(openMemory, [EMPTY]), options);
    expect(ok).toBe(false);
    expect(scenarios).toMatchObject([
      { status: 'failed', reason: 'this known gap passes now: take it off the list' },
      {},
    ]);
  });

  test('that names no scenario is an error', async () => {
    await expect(runContract(harness(openMemory, ['bytes.typo']), options)).rejects.toThrow('bytes.typo');
    await expect(runContract(harness(openMemory, ['bytes']), options)).rejects.toThrow('bytes');
  });
});

describe('the selection of scenarios', () => {
  const select = async (...only: string[]): Promise<string[]> => {
    const { scenarios } = await runContract(harness(), { effort: 'quick', only });
    return scenarios.map(({ id }) => id);
  };

  test('takes ids and families, each scenario once', async () => {
    const selected = await select('close.waits', 'close', EMPTY);
    const family = SCENARIOS.map(({ id }) => id).filter((id) => id.startsWith('close.'));
    expect(selected.toSorted()).toEqual([EMPTY, ...family].toSorted());
  });

  test.each(['bytes.typo', 'typo', '', 'close.', 'clos'])('knows no "%s"', async (wanted) => {
    await expect(select(wanted)).rejects.toThrow('no scenario and no family');
  });
});
