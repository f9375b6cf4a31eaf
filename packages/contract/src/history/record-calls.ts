import type { RootFilesystem } from '@holdfast/core';
import { stopIfAbandoned } from '../running/current-run.ts';
import type { CallMix } from './call-mix.ts';
import { CallRecorder } from './call-recorder.ts';
import { counting, type Now } from './now.ts';
import type { RegisterEvent } from './register-event.ts';

/**
 * Lets workers make random calls of every kind on a few keys, each on an instance of its own where there are several,
 * and records for each key what every call saw. The seed decides who does what; when it happens is up to the backend.
 *
 * @throws ContractViolation for what is wrong whatever the order: a body that is not whole, a version with two values
 */
export async function recordCalls(
  instances: readonly RootFilesystem[],
  mix: CallMix,
  now: Now = counting(),
): Promise<ReadonlyMap<string, readonly RegisterEvent[]>> {
  const { names = '' } = mix;
  const recorder = new CallRecorder(mix, now);
  const worker = async (filesystem: RootFilesystem, name: string): Promise<void> => {
    for (let call = 0; call < mix.calls; call += 1) {
      stopIfAbandoned();
      await recorder.call(filesystem, `${name}.${call}`);
    }
  };
  const workers = Array.from({ length: mix.workers }, (_, name) =>
    worker(instances[name % instances.length] as RootFilesystem, `${names}${name}`),
  );
  await Promise.all([...workers, comeAndGo(recorder, mix)]);
  // What landed later than its caller was told shows now.
  for (const filesystem of instances) await recorder.readAll(filesystem);
  return recorder.events;
}

/** How many instances come and go while the others work, and how many calls each of them makes. */
const PASSING = 4;
const CALLS_IN_PASSING = 3;

/** Opens instances, uses them, and closes them: of which nobody else should notice anything. */
async function comeAndGo(recorder: CallRecorder, { openAnother, workers, names = '' }: CallMix): Promise<void> {
  if (openAnother === undefined) return;
  for (let passing = 0; passing < PASSING; passing += 1) {
    const filesystem = await openAnother();
    for (let call = 0; call < CALLS_IN_PASSING; call += 1) {
      await recorder.call(filesystem, `${names}${workers + passing}.${call}`);
    }
    await filesystem.close();
  }
}
