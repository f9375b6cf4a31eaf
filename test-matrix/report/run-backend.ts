import { runContract, type Effort, type Harness, type ScenarioReport } from '@holdfast/contract';
import type { Backend } from '../backends/index.ts';
import { scenarioTimeoutMs } from '../scenario-timeout.ts';
import { describeFailure, presentable } from './failure.ts';
import { byFamily, familyOf } from './families.ts';
import { measureHotKey, takesHotKey } from './hot-key.ts';
import type { BackendReport, Failure, HotKeyPoint, HotKeyReport, MatrixScenario } from './matrix-report.ts';
import { notClaimed } from './needs.ts';
import { within } from './within.ts';

/** Called while a backend runs. */
export interface BackendProgress {
  readonly onScenario?: (report: ScenarioReport) => void;
  readonly onHotKey?: (point: HotKeyPoint) => void;
}

/** The contract suite, or `only` these scenarios and families of it, and the hot key on one backend. Does not reject: a backend that cannot start says so. */
export async function runBackend(
  backend: Backend,
  effort: Effort,
  progress: BackendProgress = {},
  only?: readonly string[],
): Promise<BackendReport> {
  const { id, name, harness } = backend;
  const identity = { id, name, server: backend.server ?? null, strayErrors: [] };
  const timeoutMs = scenarioTimeoutMs(effort);
  const start = performance.now();
  const failure = await tryToOpen(harness, timeoutMs);
  if (failure !== undefined) return { ...identity, status: 'could-not-start', failure };
  try {
    const { onScenario } = progress;
    const contract = await runContract(harness, {
      effort,
      scenarioTimeoutMs: timeoutMs,
      ...(onScenario && { onScenario }),
      ...(only && { only }),
    });
    const { capabilities, counts } = contract;
    // A stack has paths of this machine.
    const scenarios = contract.scenarios.map(({ cause: _cause, ...it }): MatrixScenario => {
      const missing = it.status === 'refused' ? notClaimed(it.id, capabilities) : [];
      const reason = it.reason === undefined ? {} : { reason: presentable(it.reason) };
      return { ...it, ...reason, family: familyOf(it.id), notClaimed: missing };
    });
    const hotKey = takesHotKey(capabilities) ? await measureHotKey(harness, effort, progress.onHotKey) : null;
    return {
      ...identity,
      status: contract.ok && (hotKey === null || hotKeyFailures(hotKey).length === 0) ? 'passed' : 'failed',
      capabilities,
      counts,
      durationMs: Math.round(performance.now() - start),
      families: byFamily(scenarios),
      scenarios,
      hotKey,
    };
  } catch (error) {
    return { ...identity, status: 'could-not-start', failure: describeFailure('contract', error) };
  }
}

/** What is wrong with a measurement of the hot key, a sentence each. */
export function hotKeyFailures({ points, failure }: HotKeyReport): string[] {
  const problems = points.flatMap(({ writers, updates, failed, failure: first, counter, exact }) => {
    const who = writers === 1 ? 'one writer' : `${writers} writers`;
    if (failed > 0) return [`With ${who}, ${failed} of ${updates} updates failed. The first: ${first?.reason}`];
    if (exact) return [];
    const found = counter === null ? `could not be read (${first?.reason})` : `says ${counter}`;
    return [`With ${who} and ${updates} updates that succeeded, the counter ${found}.`];
  });
  if (failure !== null) problems.push(`The measurement ended early: ${failure.reason}`);
  else if (points.length === 0) problems.push('Nothing was measured.');
  return problems;
}

/** Opens a store and closes it again. A backend that hangs here is one that cannot start, and not the end of the run. */
async function tryToOpen(harness: Harness, timeoutMs: number): Promise<Failure | undefined> {
  const attempt = async (): Promise<void> => {
    const store = await harness.createStore();
    try {
      await using filesystem = await store.open();
      filesystem.capabilitiesAt('/contract');
    } finally {
      await store.destroy();
    }
  };
  try {
    await within(attempt(), timeoutMs, 'opening the store');
    return undefined;
  } catch (error) {
    return describeFailure('store', error);
  }
}
