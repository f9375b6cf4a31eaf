import { isHoldfastError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import type { LocalDiskFilesystem } from '../src/local-disk-filesystem.ts';
import { CONTAINMENTS } from './support/containments.ts';
import { intercept, systemError, type CallName } from './support/intercept.ts';
import { openFiles } from './support/open-files.ts';
import { openIn } from './support/open-in.ts';
import { rejection } from './support/rejection.ts';
import { makeScratch, snapshotOf, tempsBelow } from './support/scratch.ts';
import { namesIn, pathsBelow, text, textOf } from './support/text.ts';

const OPERATIONS: Readonly<Record<string, (disk: LocalDiskFilesystem) => Promise<unknown>>> = {
  get: async (disk) => textOf(await disk.get('/a/b')),
  list: (disk) => namesIn(disk, '/'),
  entries: (disk) => pathsBelow(disk, '/'),
  "put 'any' on an entry": (disk) => disk.put('/a/b', text('new'), 'any'),
  "put 'any' in a new directory": (disk) => disk.put('/new/x/y', text('new'), 'any'),
  "put 'absent' in a new directory": (disk) => disk.put('/new/x/y', text('new'), 'absent'),
  delete: (disk) => disk.delete('/a/b', 'any'),
};

// The calls whose failure the adapter must live with: without them it could not clean up.
const CLEANUP: ReadonlySet<CallName> = new Set(['unlink', 'file.close', 'rmdir']);

// One that tells nothing, one that is a plain refusal, and one that asks for another attempt.
const ERRNOS = ['EIO', 'EACCES', 'ENOENT'];

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  describe.each(ERRNOS)('any single call failing with %s', (errno) => {
    test.each(Object.entries(OPERATIONS))('%s tells the truth and leaves nothing behind', async (_, operation) => {
      for (let at = 0, more = true; more; at += 1) {
        await using scratch = await makeScratch();
        await using plain = await openIn(scratch);
        await plain.put('/a/b', text('old'), 'any');
        const before = await snapshotOf(scratch.root);
        let [made, failed]: [number, CallName | undefined] = [-1, undefined];
        const calls = intercept(async (name, real) => {
          made += made < 0 ? 0 : 1;
          if (made !== at + 1) return real();
          failed = name;
          // A handle that fails to close is closed all the same.
          if (name === 'file.close') await real();
          throw systemError(errno);
        });
        await using disk = await openIn(scratch, { calls, containment });
        const handles = openFiles(scratch);
        made = 0;
        const answer = await operation(disk).catch(async (error: unknown) => {
          if (!isHoldfastError(error)) throw error;
          return await rejection(Promise.reject(error));
        });
        more = made > at;
        expect(openFiles(scratch), `after ${failed}`).toBe(handles);
        const after = await snapshotOf(scratch.root);
        if (isHoldfastError(answer) && answer.outcome !== 'unknown') expect(after, `after ${failed}`).toEqual(before);
        const temps = Object.keys(after).filter((name) => name.includes('.holdfast-'));
        if (failed === undefined || !CLEANUP.has(failed)) expect(temps, `after ${failed}`).toEqual([]);
        if (failed === undefined) expect(isHoldfastError(answer)).toBe(false);
      }
    });
  });
});

const LASTING: Readonly<Record<string, ReadonlySet<CallName>>> = {
  EMFILE: new Set<CallName>(['open', 'opendir']),
  ENOSPC: new Set<CallName>(['file.write', 'file.sync', 'link', 'mkdir', 'rename']),
};

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test.each(Object.entries(LASTING))(
    'from any call on only %s: a put that fails leaves no temporary file',
    async (errno, hit) => {
      for (const operation of Object.values(OPERATIONS)) {
        for (let at = 0, failed = true; failed; at += 1) {
          await using scratch = await makeScratch();
          let made = -1;
          failed = false;
          const calls = intercept(async (name, real) => {
            made += made < 0 || !hit.has(name) ? 0 : 1;
            if (made <= at || !hit.has(name)) return real();
            failed = true;
            throw systemError(errno);
          });
          await using disk = await openIn(scratch, { calls, containment });
          await disk.put('/a/b', text('old'), 'any');
          made = 0;
          const answer = await operation(disk).catch((error: unknown) => error);
          if (isHoldfastError(answer) && answer.outcome === 'not-applied') {
            expect((await snapshotOf(scratch.root))['a/b']).toBe('old');
          }
          expect(await tempsBelow(scratch.root)).toEqual([]);
        }
      }
    },
  );
});

test('handles that fail to close are reported to nobody once the entry is published', async () => {
  await using scratch = await makeScratch();
  let published = false;
  const calls = intercept(async (name, real) => {
    const result = await real();
    if (name === 'file.close' && published) throw systemError('EIO');
    published ||= name === 'rename';
    return result;
  });
  await using disk = await openIn(scratch, { calls });
  await disk.put('/a/b', text('x'), 'any');
  expect(await snapshotOf(scratch.root)).toEqual({ a: 'directory', 'a/b': 'x' });
});
