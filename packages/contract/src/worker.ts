/**
 * The child process of the suite: opens the store that its argument describes, says that it is ready, waits to
 * be told to begin, does its task and reports.
 */
import { once } from 'node:events';
import type { RootFilesystem } from '@holdfast/core';
import type { ChildHarness } from './harness.ts';
import type { ChildMessage } from './processes/spawn-child.ts';
import { runTask, type ChildTask } from './processes/tasks.ts';
import { failureOf } from './support/failure.ts';

const { harness, task } = JSON.parse(process.argv[2] as string) as { harness: ChildHarness; task: ChildTask };

function say(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

// Nobody is left to tell: a run that was broken off leaves nothing that goes on with its store.
const alone = (): never => process.exit();
process.once('disconnect', alone);

try {
  const { open } = (await import(harness.module)) as { open?: (input: unknown) => Promise<RootFilesystem> };
  if (typeof open !== 'function') throw new TypeError('the child module of the store exports no function `open`');
  const filesystem = await open(harness.input);
  const begin = once(process, 'message');
  await say({ type: 'ready' });
  await begin;
  const report = await runTask(task, filesystem, (message) => say({ type: 'acknowledged', message }));
  await filesystem.close();
  await say({ type: 'done', report });
} catch (error) {
  await say({ type: 'failed', reason: failureOf(error).reason });
} finally {
  process.off('disconnect', alone);
  process.disconnect();
}
