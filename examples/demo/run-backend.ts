import { readdir } from 'node:fs/promises';
import { isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { nothingMeasured, type BackendReport } from './backend-report.ts';
import { withBackend, type DemoBackend } from './backends.ts';
import type { DemoServers } from './servers.ts';
import { startHungWriter } from './hung-writer.ts';
import { countLost, runTurns, WORKLOAD } from './turns.ts';

/** Runs the turns on one backend, beside a writer that hangs. Does not reject: what fails is in the report. */
export async function runBackend(backend: DemoBackend, servers: DemoServers): Promise<BackendReport> {
  try {
    return await withBackend(backend, servers, (filesystem, directory) => run(backend.name, filesystem, directory));
  } catch (error) {
    return nothingMeasured(backend.name, WORKLOAD.turns, { refused: false, failure: failureOf(error) });
  }
}

async function run(name: string, filesystem: RootFilesystem, directory: string): Promise<BackendReport> {
  try {
    return await measure(name, filesystem);
  } catch (error) {
    if (!isHoldfastError(error, 'CAS_UNSUPPORTED')) throw error;
    await assertNothingWritten(filesystem, directory);
    return nothingMeasured(name, WORKLOAD.turns, { refused: true, failure: null });
  }
}

async function measure(name: string, filesystem: RootFilesystem): Promise<BackendReport> {
  const hung = await startHungWriter(filesystem);
  try {
    const { updates, attempts, latenciesMs } = await runTurns(filesystem);
    const passedHungWriter = hung.isHanging();
    const lost = await countLost(filesystem);
    const sorted = latenciesMs.toSorted((a, b) => a - b);
    return {
      name,
      writers: WORKLOAD.turns,
      updates,
      lost,
      attempts,
      p50Ms: percentile(sorted, 0.5),
      p99Ms: percentile(sorted, 0.99),
      refused: false,
      passedHungWriter,
      failure: null,
    };
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

function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  const { code, name, message } = error as NodeJS.ErrnoException;
  return { code: code ?? name, message };
}
