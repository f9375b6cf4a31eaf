import { SCENARIOS, type ScenarioStatus } from '@holdfast/contract';
import type { Capabilities } from '@holdfast/core';
import { byFamily, countStatuses, familyOf } from '../families.ts';
import { summarize } from '../latencies.ts';
import type {
  BackendReport,
  HotKeyPoint,
  HotKeyReport,
  MatrixReport,
  MatrixScenario,
  RanBackend,
  UnstartedBackend,
} from '../matrix-report.ts';
import { notClaimed } from '../needs.ts';
import { hotKeyFailures } from '../run-backend.ts';
import { isOk, verdictOf } from '../verdict.ts';

/** What a backend claims that claims everything. */
export const VERSIONED: Capabilities = {
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'power-loss',
  sharing: 'network',
  maxBodyBytes: 64 * 1024 * 1024,
  maxPathBytes: 1024,
  maxCommitChanges: 10,
  maxCommitBytes: 1000,
  planes: ['atomic-commit'],
};

/** What one claims that holds bytes only. */
export const BYTE_ONLY: Capabilities = {
  ...VERSIONED,
  maxCommitChanges: 0,
  maxCommitBytes: 0,
  planes: [],
  cas: 'create-only',
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
  paths: 'tree',
  sharing: 'host',
};

interface MadeUp {
  readonly name?: string;
  readonly capabilities?: Capabilities;
  /** Why scenarios failed, by id. */
  readonly failed?: Readonly<Record<string, string>>;
  readonly gaps?: readonly string[];
  readonly hotKey?: HotKeyReport | null;
  readonly strayErrors?: RanBackend['strayErrors'];
}

/** A backend that ran, with the result that every scenario would have that is not named. */
export function ranBackend(id: string, made: MadeUp = {}): RanBackend {
  const { name = id, capabilities = VERSIONED, failed = {}, gaps = [], strayErrors = [] } = made;
  const scenarios = SCENARIOS.map((scenario): MatrixScenario => {
    const missing = notClaimed(scenario.id, capabilities);
    const reason = failed[scenario.id];
    const otherwise: ScenarioStatus = missing.length === 0 ? 'passed' : 'refused';
    const status = reason === undefined ? (gaps.includes(scenario.id) ? 'known-gap' : otherwise) : 'failed';
    return {
      id: scenario.id,
      title: scenario.title,
      family: familyOf(scenario.id),
      status,
      durationMs: 1 + scenario.id.length,
      notClaimed: status === 'refused' ? missing : [],
      ...(reason === undefined ? {} : { reason }),
    };
  });
  const hotKey = made.hotKey === undefined ? hotKeyOf(capabilities, id.length) : made.hotKey;
  const counted = hotKey === null || hotKeyFailures(hotKey).length === 0;
  const passed = Object.keys(failed).length === 0 && counted && strayErrors.length === 0;
  return {
    id,
    name,
    server: null,
    status: passed ? 'passed' : 'failed',
    capabilities,
    counts: countStatuses(scenarios),
    durationMs: 4000 + 100 * id.length,
    families: byFamily(scenarios),
    scenarios,
    hotKey,
    strayErrors,
  };
}

/** A backend that could not start. */
export function unstartedBackend(id: string, reason: string, code: string | null = null): UnstartedBackend {
  const failure = { stage: 'server', code, reason } as const;
  return { id, name: id, server: 'postgres', status: 'could-not-start', failure, strayErrors: [] };
}

/** A point of a hot key at which everything went well, but for what is changed. */
export function hotKeyPoint(writers: number, changes: Partial<HotKeyPoint> = {}, factor = 1): HotKeyPoint {
  const durations = Array.from({ length: writers * 100 }, (_, index) => factor * writers * (0.5 + (index % 100) / 50));
  return {
    writers,
    updates: durations.length,
    failed: 0,
    failure: null,
    counter: durations.length,
    exact: true,
    durationMs: Math.round(100 * factor * writers),
    latency: summarize(durations),
    attempts: { mean: 1 + writers / 16, max: 1 + writers },
    ...changes,
  };
}

function hotKeyOf({ cas }: Capabilities, factor: number): HotKeyReport | null {
  if (cas !== 'versioned') return null;
  return { updatesPerWriter: 100, points: [1, 4, 16, 64].map((it) => hotKeyPoint(it, {}, factor / 10)), failure: null };
}

/** A whole report about these backends. */
export function madeUpReport(backends: readonly BackendReport[], changes: Partial<MatrixReport> = {}): MatrixReport {
  const { servers = [], strayErrors = [], leftOut = [] } = changes;
  const found = { servers, backends, strayErrors, leftOut };
  return {
    format: 1,
    ok: isOk(found),
    verdict: verdictOf(found),
    date: '2026-11-20T06:00:00.000Z',
    durationMs: 125_000,
    effort: 'full',
    commit: '0123456789abcdef0123456789abcdef01234567',
    machine: { node: '24.0.0', platform: 'linux', arch: 'x64', cpus: 2, cpuModel: 'A processor' },
    ...found,
    ...changes,
  };
}
