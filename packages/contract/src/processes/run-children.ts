import type { ChildHarness } from '../harness.ts';
import { spawnChild, type Child } from './spawn-child.ts';
import type { ChildTask } from './tasks.ts';

/** Starts several processes on one store, lets them begin together and gives their reports. */
export async function runChildren<Report>(
  harness: ChildHarness,
  processes: number,
  taskOf: (name: string) => ChildTask,
): Promise<Report[]> {
  const children: Child[] = [];
  try {
    const names = Array.from({ length: processes }, (_, index) => `process ${index}`);
    children.push(...(await Promise.all(names.map((name) => spawnChild(harness, taskOf(name), { hold: true })))));
    for (const child of children) child.begin();
    return (await Promise.all(children.map((child) => child.report()))) as Report[];
  } finally {
    await Promise.all(children.map((child) => child.kill()));
  }
}
