import type { ChildHarness } from '../harness.ts';
import { spawnChild, type Child } from './spawn-child.ts';
import type { ChildTask } from './tasks.ts';

/**
 * Starts several processes on one store, lets them begin together and gives their reports. All of them have ended
 * when it settles, also when one has failed.
 */
export async function runChildren<Report>(
  harness: ChildHarness,
  processes: number,
  taskOf: (name: string) => ChildTask,
  spawn: typeof spawnChild = spawnChild,
): Promise<Report[]> {
  const names = Array.from({ length: processes }, (_, index) => `process ${index}`);
  const children: Child[] = [];
  try {
    for (const name of names) children.push(spawn(harness, taskOf(name)));
    await Promise.all(children.map((child) => child.ready()));
    for (const child of children) child.begin();
    return (await Promise.all(children.map((child) => child.report()))) as Report[];
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
}
