import type { RootFilesystem } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { tagOf } from '../history/tagged-body.ts';
import { inBatches } from '../support/batches.ts';
import { textOf } from '../support/bodies.ts';
import { check, checkEqual } from '../support/check.ts';
import { leftAfter, stayingPaths, type WritersPlan } from './writers-plan.ts';

/**
 * Checks that what was left alone is there, and that the paths of each writer are as they were after so many of its writes as
 * it acknowledged, or more; and that an iteration shows nothing that is not whole.
 */
export async function checkWriters(
  filesystem: RootFilesystem,
  plan: WritersPlan,
  acknowledged: readonly number[],
): Promise<void> {
  await inBatches(stayingPaths(plan), async (path) => {
    checkEqual(textOf(await filesystem.get(path)), path, `the body at ${path}, which nobody has touched since`);
  });
  for (const [writer, writes] of acknowledged.entries()) await checkWriter(filesystem, plan, writer, writes);
  let staying = 0;
  for await (const { path, body } of filesystem.entries(plan.directory)) {
    if (textOf({ body }) === path) staying += 1;
    else check(tagOf(body) !== undefined, `a whole body at ${path}`);
  }
  checkEqual(staying, plan.staying, 'the number of entries that were left alone and are iterated');
}

async function checkWriter(
  filesystem: RootFilesystem,
  plan: WritersPlan,
  writer: number,
  writes: number,
): Promise<void> {
  const found = new Map<string, Uint8Array | undefined>();
  for (const path of leftAfter(plan, writer, 0).keys()) found.set(path, (await filesystem.get(path))?.body);
  // One more was under way, and of others it may not have been told any more.
  let fits = false;
  for (let done = writes; !fits && done <= plan.writes; done += 1) {
    fits = [...leftAfter(plan, writer, done)].every(([path, body]) => isSame(body, found.get(path)));
  }
  const shown = [...found].map(
    ([path, body]) => `${path}: ${body === undefined ? 'nothing' : (tagOf(body) ?? 'no whole body')}`,
  );
  check(
    fits,
    `what writer ${writer} left after it was told that ${writes} writes are done; there is ${shown.join(', ')}`,
  );
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : sameBytes(one, other);
}
