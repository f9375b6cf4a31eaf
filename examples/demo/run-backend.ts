import { readdir } from 'node:fs/promises';
import { isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { withBackend, type DemoBackend } from './backends.ts';
import type { DemoServers } from './servers.ts';
import { startHungWriter } from './hung-writer.ts';
import { countLost, runTurns, WORKLOAD } from './turns.ts';

/** What the demo found out about one backend. */
export interface BackendReport {
  readonly name: string;
  readonly writers: number;
  /** Updates that were acknowledged. */
  readonly updates: number;
  /** Acknowledged updates that the store does not show afterwards. */
  readonly lost: number;
  /** How often an update was tried, all tries of all updates together. */
  readonly attempts: number;
  /** How long an update took, retries included; `null` when there was none. */
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Whether the first record was refused, typed and with nothing written. */
  readonly refused: boolean;
  /** Whether every turn finished while another writer of the same record hung in the middle of its update. */
  readonly passedHungWriter: boolean;
}

/** Runs the turns on one backend, beside a writer that hangs. */
export function runBackend(backend: DemoBackend, servers: DemoServers): Promise<BackendReport> {
  return withBackend(backend, servers, async (filesystem, directory) => {
    try {
      return await measure(backend.name, filesystem);
    } catch (error) {
      if (!isHoldfastError(error, 'CAS_UNSUPPORTED')) throw error;
      await assertNothingWritten(filesystem, directory);
      const nothing = { updates: 0, lost: 0, attempts: 0, p50Ms: null, p99Ms: null, passedHungWriter: false };
      return { name: backend.name, writers: WORKLOAD.turns, ...nothing, refused: true };
    }
  });
}

async function measure(name: string, filesystem: RootFilesystem): Promise<BackendReport> {
  const hung = await startHungWriter(filesystem);
  try {
    const { updates, attempts, latenciesMs } = await runTurns(filesystem);
    const passedHungWriter = hung.isHanging();
    const lost = await countLost(filesystem);
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    const p50Ms = percentile(sorted, 0.5);
    const p99Ms = percentile(sorted, 0.99);
    return { name, writers: WORKLOAD.turns, updates, lost, attempts, p50Ms, p99Ms, refused: false, passedHungWriter };
  } finally {
    await hung.release();
  }
}

async function assertNothingWritten(filesystem: RootFilesystem, directory: string): Promise<void> {
  const { done } = await filesystem.entries('/').next();
  const names = await readdir(directory);
  if (done !== true || names.length > 0) throw new Error('a refused record left something behind');
}

function percentile(sorted: readonly number[], part: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
  return Math.round(value * 1000) / 1000;
}
