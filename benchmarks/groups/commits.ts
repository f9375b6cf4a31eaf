import { ourLibsqlFile, ourLibsqlReplica, ourLibsqlServer } from '../ours/libsql.ts';
import { ourMemory } from '../ours/memory.ts';
import type { OurStore } from '../ours/our-store.ts';
import { ourPostgres } from '../ours/postgres.ts';
import { ourSqlite, ourUnsyncedSqlite } from '../ours/sqlite.ts';
import { CHANGES, measureCommits } from '../measure/commit-cost.ts';
import { fill } from '../records/fill.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';
import type { ServerName, Servers } from '../run/servers.ts';

/** How many entries the store has beside those that are written. */
const OTHERS = 10_000;

/** What a commit costs on every backend that has commits, beside one put. */
export const COMMIT_GROUP: Group = {
  title: `A commit of 1 and of ${CHANGES} changes (ms), beside one put, among ${OTHERS.toLocaleString('en')} other entries`,
  benchmarks: [
    commits('memory', undefined, ourMemory),
    commits('sqlite-file', undefined, ourSqlite),
    commits('sqlite-unsynced', undefined, ourUnsyncedSqlite),
    commits('libsql-file', undefined, ourLibsqlFile),
    commits('libsql-replica', 'libsql', (servers) => ourLibsqlReplica(servers.libsqlAddress('http'))),
    commits('libsql-remote', 'libsql', (servers) => ourLibsqlServer(servers.libsqlAddress('http'))),
    commits('libsql-websocket', 'libsql', (servers) => ourLibsqlServer(servers.libsqlAddress('ws'))),
    commits('postgres', 'postgres', (servers) => ourPostgres(servers.postgresUrl())),
  ],
};

function commits(
  backend: string,
  server: ServerName | undefined,
  open: (servers: Servers) => Promise<OurStore>,
): Benchmark {
  const ids = { one: `commit-${backend}-1`, many: `commit-${backend}-${CHANGES}` };
  return {
    ids: Object.values(ids),
    ...(server && { server }),
    async measure(wanted, { servers, effort }: Context) {
      await using store = await open(servers);
      await fill(store.filesystem, OTHERS, (number) => `/others/${number % 100}/${number}`);
      const { put, one, many } = await measureCommits(store.filesystem, effort);
      return [
        { id: ids.one, unit: 'ms' as const, ours: one, peer: put },
        { id: ids.many, unit: 'ms' as const, ours: many, peer: put },
      ].filter(({ id }) => wanted.includes(id));
    },
  };
}
