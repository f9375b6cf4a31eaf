import { isHoldfastError, type RootFilesystem, type Version } from '@holdfast/core';
import { clock } from '@holdfast/core/adapter';
import { file, textOf } from '../support/bodies.ts';
import { randomNumbers } from '../support/random.ts';
import type { HistoryEvent, WriteEvent } from './history.ts';

/**
 * Lets several writers read and conditionally write one key at random and records what each of them saw. All begin
 * with a creation. The seed decides what each of them does; when it happens is up to the backend.
 */
export async function recordHistory(
  instances: readonly RootFilesystem[],
  path: string,
  size: { readonly writers: number; readonly operations: number; readonly seed: number },
): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  async function work(filesystem: RootFilesystem, writer: number): Promise<void> {
    // Each has its own, so that who is asked first changes nothing.
    const random = randomNumbers(size.seed + writer);
    let known: { version: Version; tag: string } | undefined;
    for (let operation = 0; operation < size.operations; operation += 1) {
      const start = clock.now();
      if (operation > 0 && random() < 0.5) {
        const snapshot = await filesystem.get(path);
        const saw = textOf(snapshot);
        known = snapshot?.version && { version: snapshot.version, tag: saw as string };
        events.push({ type: 'read', saw, start, end: clock.now() });
      } else {
        const tag = `${writer}.${operation}`;
        const { outcome, version } = await attempt(filesystem, path, tag, known?.version);
        events.push({ type: 'write', tag, onTopOf: known?.tag, outcome, start, end: clock.now() });
        if (version !== undefined) known = { version, tag };
      }
    }
  }

  await Promise.all(
    Array.from({ length: size.writers }, (_, writer) =>
      work(instances[writer % instances.length] as RootFilesystem, writer),
    ),
  );
  return events;
}

async function attempt(
  filesystem: RootFilesystem,
  path: string,
  tag: string,
  expected: Version | undefined,
): Promise<{ outcome: WriteEvent['outcome']; version?: Version | undefined }> {
  try {
    const expectation = expected === undefined ? 'absent' : { version: expected };
    const { version } = await filesystem.put(path, file(tag), expectation);
    return { outcome: 'applied', version };
  } catch (error) {
    if (!isHoldfastError(error) || error.outcome === undefined) throw error;
    return { outcome: error.outcome };
  }
}
