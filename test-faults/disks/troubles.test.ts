import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import { beforeAll, describe, expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { libsqlFile, localDisk, sqliteFile } from '../kills/backends.ts';
import { bundleChild } from '../processes/bundle-child.ts';
import { impossible, runInTrouble } from './run-in-trouble.ts';

/** How much more often its files have to be limited until one is too long: few of them are. */
const FEW_ARE_LONG = 6;

let child = '';
beforeAll(async () => {
  child = await bundleChild(new URL('children/write-through-trouble.ts', import.meta.url), 'troubles');
});

describe.for([
  { trouble: 'full-disk', promise: 'full disk, and room again', times: 40, errors: /^STORAGE_FULL not-applied$/ },
  // What else a commit may fail with is looked into for seconds, each time.
  {
    trouble: 'short-files',
    promise: 'file size limit, and none again',
    times: 10,
    errors: /^(OUTCOME_UNKNOWN unknown|BACKEND_FAILED not-applied|BODY_TOO_LARGE not-applied)$/,
  },
  {
    trouble: 'no-descriptors',
    promise: 'no descriptors, and some again',
    times: 40,
    // Which of its files cannot be opened is up to the moment.
    errors: /^((BUSY|UNAVAILABLE) not-applied|(read|open) (BUSY|UNAVAILABLE))$/,
  },
  {
    trouble: 'read-only',
    promise: 'read-only, and writable again',
    times: 40,
    errors: /^(ACCESS_DENIED not-applied|open ACCESS_DENIED)$/,
  },
] as const)('$trouble', ({ trouble, promise, times, errors: expected }) => {
  test.for([
    ['sqlite-file', sqliteFile],
    ['libsql-file', libsqlFile],
    ['local-disk', localDisk],
  ] as const)(
    'nothing acknowledged is lost, errors tell the truth, and all is well after it: %s',
    async ([where, backend], context) => {
      await using scratch = await makeScratchDirectory('disks');
      const directory = join(scratch.path, 'store');
      await mkdir(directory);
      const reason = await impossible(trouble, directory);
      if (reason !== undefined) return context.skip(reason);
      const [store] = await backend.makeStores(directory);
      const {
        errors,
        wrong,
        times: done,
        acknowledged,
        elseRefused,
        ...told
      } = await runInTrouble(child, {
        trouble,
        store,
        directory,
        times: howMany(trouble === 'short-files' && backend === localDisk ? FEW_ARE_LONG * times : times),
      });
      const counts = {
        times: done,
        acknowledged,
        ...told,
        'reads and openings refused': elseRefused,
        wrong: wrong.length,
      };
      noteFigures(context, { promise, where, counts });
      expect(wrong).toEqual([]);
      expect(Object.keys(errors).filter((error) => !expected.test(error))).toEqual([]);
      // There was trouble.
      expect(errors).not.toEqual({});
    },
  );
});
