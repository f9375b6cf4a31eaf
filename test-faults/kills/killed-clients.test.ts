import { beforeAll, expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { bundleChild } from '../processes/bundle-child.ts';
import { countKills } from './count-kills.ts';
import { libsql, postgres } from './servers.ts';

let child = '';
beforeAll(async () => {
  child = await bundleChild(new URL('children/write-until-killed.ts', import.meta.url), 'killed-clients');
});

test.for([
  ['postgres', postgres],
  ['libsql-http', libsql('http')],
  ['libsql-websocket', libsql('ws')],
] as const)(
  'of clients that are killed with batches on the way nothing is half there, and others write there within their deadlines: %s',
  async ([where, backend], context) => {
    const kills = { promise: 'killed clients of servers', where, backend, kills: howMany(60) };
    expect(await countKills(context, child, kills)).toEqual([]);
  },
);
