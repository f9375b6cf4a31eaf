import { CasApply, casUpdate, isHoldfastError, jsonCodec, type RootFilesystem } from '@holdfast/core';

/** How long how many writers of one process update one record. Survives JSON. */
export interface Updates {
  readonly path: string;
  readonly writers: number;
  readonly durationMs: number;
}

/** What they made of it. */
export interface UpdatesMade {
  readonly updates: number;
  /** The longest that one update took, in milliseconds. */
  readonly slowestMs: number;
  /** The codes of those that failed. */
  readonly failed: readonly string[];
}

/** A record that counts. */
export const counter = jsonCodec<number>({ kind: 'counter' });

/** Lets writers count up one record, one update after the other, until the time is over. */
export async function updateFor(
  instances: readonly RootFilesystem[],
  { path, writers, durationMs }: Updates,
): Promise<UpdatesMade> {
  let [updates, slowestMs] = [0, 0];
  const failed: string[] = [];
  const until = performance.now() + durationMs;
  const write = async (filesystem: RootFilesystem): Promise<void> => {
    for (let began = performance.now(); began < until; began = performance.now()) {
      try {
        await casUpdate(filesystem, path, counter, (count = 0) => CasApply.write(count + 1));
        updates += 1;
      } catch (error) {
        failed.push(isHoldfastError(error) ? error.code : String(error));
      }
      slowestMs = Math.max(slowestMs, performance.now() - began);
    }
  };
  const all = Array.from({ length: writers }, (_, nth) => write(instances[nth % instances.length] as RootFilesystem));
  await Promise.all(all);
  return { updates, slowestMs, failed };
}
