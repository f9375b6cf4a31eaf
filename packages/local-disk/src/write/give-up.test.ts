import { readdir } from 'node:fs/promises';
import { isHoldfastError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import { intercept, type CallName } from '../../test/support/intercept.ts';
import { openIn } from '../../test/support/open-in.ts';
import { refusals, rejection } from '../../test/support/rejection.ts';
import { makeScratch, snapshotOf } from '../../test/support/scratch.ts';
import { text, textOf } from '../../test/support/text.ts';

const MUTATIONS = ["put 'any'", "put 'absent'", 'delete'] as const;

/** Writes down the names of the calls from when it is told to, and does something before one of them. */
function before(
  at: number,
  act: () => void,
): { calls: ReturnType<typeof intercept>; start: () => void; made: () => readonly CallName[] } {
  let made: CallName[] | undefined;
  const calls = intercept((name, real) => {
    if (made?.length === at) act();
    made?.push(name);
    return real();
  });
  return { calls, start: () => (made = []), made: () => made ?? [] };
}

function outcomeOfAbort(error: unknown): string {
  if (!isHoldfastError(error, 'ABORTED')) throw error;
  return error.outcome ?? 'no outcome';
}

describe.each(MUTATIONS)('%s', (mutation) => {
  test('aborted before any single call, it tells the truth, and nothing happens later', async () => {
    const seen = new Set<string>();
    for (let at = 0, more = true; more; at += 1) {
      await using scratch = await makeScratch();
      const abort = new AbortController();
      const hook = before(at, () => abort.abort());
      const disk = await openIn(scratch, { calls: hook.calls });
      if (mutation === 'delete') await disk.put('/a/b', text('old'), 'any');
      const untouched = await snapshotOf(scratch.root);
      hook.start();
      const { signal } = abort;
      const mutate = (): Promise<unknown> =>
        mutation === 'delete'
          ? disk.delete('/a/b', 'any', { signal })
          : disk.put('/a/b', text('new'), mutation === "put 'any'" ? 'any' : 'absent', { signal });
      const outcome = await mutate().then(() => 'applied', outcomeOfAbort);
      more = hook.made().length > at;
      // Waits for whatever is still under way, so that what happens later has happened.
      await disk.close();
      const publishing = mutation === 'delete' ? /^unlink$/ : /^(rename|link)$/;
      expect(hook.made().slice(at + 1)).not.toContainEqual(expect.stringMatching(publishing));
      const applied = mutation === 'delete' ? {} : { a: 'directory', 'a/b': 'new' };
      const found = await snapshotOf(scratch.root);
      if (outcome === 'applied') expect(found).toEqual(applied);
      if (outcome === 'not-applied') expect(found).toEqual(untouched);
      seen.add(outcome);
    }
    expect(seen).toContain('not-applied');
  });
});

test('a deadline that passes while the body is written ends the write, and nothing is left', async () => {
  await using scratch = await makeScratch();
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const calls = intercept(async (name, real) => {
    if (name === 'file.write') await held;
    return real();
  });
  const disk = await openIn(scratch, { calls });
  const error = await rejection(disk.put('/a/b', text('x'), 'any', { timeoutMs: 300 }));
  expect(error).toMatchObject({ code: 'TIMEOUT', outcome: 'unknown' });
  release();
  await disk.close();
  expect(await readdir(scratch.root)).toEqual([]);
});

test('a read, a listing and a scan end when their caller aborts', async () => {
  await using scratch = await makeScratch();
  await using disk = await openIn(scratch);
  await disk.put('/a/b', text('x'), 'any');
  const signal = AbortSignal.abort();
  const reads = [disk.get('/a/b', { signal }), disk.list('/', { signal }), disk.entries('/', { signal }).next()];
  expect(await refusals(reads)).toEqual(['ABORTED', 'ABORTED', 'ABORTED']);
  expect(textOf(await disk.get('/a/b', { signal: new AbortController().signal }))).toBe('x');
});
