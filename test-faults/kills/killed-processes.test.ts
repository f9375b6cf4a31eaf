import { beforeAll, expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { bundleChild } from '../processes/bundle-child.ts';
import { libsqlFile, localDisk, sqliteFile } from './backends.ts';
import { killCycles } from './kill-cycles.ts';

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
    const kills = howMany(500);
    const { lost, fromNowhere, half, torn, damaged, failures, ...counted } = await killCycles(child, backend, kills);
    const problems = { lost, 'from nowhere': fromNowhere, half, torn, damaged, failures };
    const sizes = Object.fromEntries(Object.entries(problems).map(([name, { length }]) => [name, length]));
    const { whileOpening, underWay, ...plain } = counted;
    const counts = { ...plain, 'while opening': whileOpening, 'under way': underWay, ...sizes };
    noteFigures(context, { promise: 'killed processes', where, counts });
    expect(problems).toEqual({ lost: [], 'from nowhere': [], half: [], torn: [], damaged: [], failures: [] });
    // All kinds of moments were met.
    expect(whileOpening).toBeGreaterThan(0);
    expect(underWay).toBeGreaterThan(kills);
  },
);
