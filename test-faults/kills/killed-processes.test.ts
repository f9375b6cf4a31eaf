import { beforeAll, expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { bundleChild } from '../processes/bundle-child.ts';
import { libsqlFile, localDisk, sqliteFile } from './backends.ts';
import { countKills } from './count-kills.ts';

let child = '';
beforeAll(async () => {
  child = await bundleChild(new URL('children/write-until-killed.ts', import.meta.url), 'killed-processes');
});

test.for([
  ['sqlite-file', sqliteFile],
  ['libsql-file', libsqlFile],
  ['local-disk', localDisk],
] as const)(
  'of processes that are killed at any moment everything acknowledged is there, whole, and nothing is half there: %s',
  async ([where, backend], context) => {
    const kills = { promise: 'killed processes', where, backend, kills: howMany(500) };
    expect(await countKills(context, child, kills)).toEqual([]);
  },
);
