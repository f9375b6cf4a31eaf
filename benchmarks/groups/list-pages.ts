import type { RootFilesystem, VersionedCapabilities } from '@holdfast/core';
import { alternate } from '../measure/alternate.ts';
import { closedLoop } from '../measure/closed-loop.ts';
import { turnOf } from '../measure/effort.ts';
import type { OurStore } from '../ours/our-store.ts';
import { DIRECTORIES, DIVIDED, LISTED, entriesInPostgres, entriesInSqlite } from '../records/many-entries.ts';
import type { Benchmark, Context, Group } from '../run/benchmark.ts';
import type { ServerName, Servers } from '../run/servers.ts';

const LARGE = 1_000_000;
const SMALL = 10_000;

/** What is listed: a hundred of the entries of one directory, or a hundred directories with all that is below them. */
const PAGES: Readonly<Record<'page' | 'directories', string>> = { page: LISTED, directories: DIVIDED };

/** A page of `list`: what it costs does not follow the size of the store. */
export const LIST_GROUP: Group = {
  title: `A page of list (ms) in a store of ${LARGE.toLocaleString('en')} entries, beside one of ${SMALL.toLocaleString('en')}`,
  benchmarks: [
    lists('sqlite', undefined, (_servers, entries) => entriesInSqlite(entries)),
    lists('postgres', 'postgres', (servers, entries) => entriesInPostgres(servers.postgresUrl(), entries)),
  ],
};

function lists(
  backend: string,
  server: ServerName | undefined,
  open: (servers: Servers, entries: number) => Promise<OurStore>,
): Benchmark {
  const listed = new Map(
    Object.entries(PAGES).map(([what, path]) => [`list-${what}-${backend}`, path] as [string, string]),
  );
  return {
    ids: [...listed.keys()],
    ...(server && { server }),
    async measure(ids, { servers, effort }: Context) {
      await using large = await open(servers, LARGE);
      await using small = await open(servers, SMALL);
      const measured = [];
      for (const id of ids) {
        const cost = (store: OurStore) => async () => {
          const page = () => pageOf(store.filesystem, listed.get(id) as string);
          return 1000 / (await closedLoop(1, turnOf(effort), page));
        };
        measured.push({
          id,
          unit: 'ms' as const,
          ...(await alternate({ ours: cost(large), peer: cost(small) }, effort)),
        });
      }
      return measured;
    },
  };
}

/** Either page has as many children. */
async function pageOf(filesystem: RootFilesystem<VersionedCapabilities>, directory: string): Promise<void> {
  const { children } = await filesystem.list(directory, { limit: DIRECTORIES });
  if (children.length !== DIRECTORIES) throw new Error(`a page of ${children.length} children`);
}
