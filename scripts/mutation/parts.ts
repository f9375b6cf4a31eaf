/** What is mutated together, and the tests that are to find it. */
export interface Part {
  /** Folders and files of sources. */
  readonly of: readonly string[];
  /** The tests that are about these sources. */
  readonly tests: readonly string[];
  /** Those that meet what is made while modules are loaded, where it is not `tests`. */
  readonly loaded?: readonly string[];
  /** Those that meet what is left over. */
  readonly further: readonly string[];
  /** Set where the tests need a server. */
  readonly server?: true;
}

const core = 'packages/core';
const allOfCore = [`${core}/{src,test}/**/*.test.ts`];
const ofSqlite = [
  'packages/sql/**/*.test.ts',
  'packages/sqlite/test/{batches,bodies,commits,groups,schema,values}.test.ts',
];
const ofPostgres = ['packages/postgres/{src,test}/**/*.test.ts'];

export const PARTS: readonly Part[] = [
  {
    of: [`${core}/src/cas`, `${core}/src/rounds`, `${core}/src/updates`],
    tests: [
      `${core}/src/{cas,rounds,updates}/*.test.ts`,
      `${core}/test/cas-{interleavings,rounds-model,through-wrappers}.test.ts`,
    ],
    further: allOfCore,
  },
  {
    of: [
      `${core}/src/filesystem/lost-reply.ts`,
      `${core}/src/filesystem/mutation.ts`,
      `${core}/src/operations/put`,
      `${core}/src/operations/delete`,
      `${core}/src/operations/commit`,
      `${core}/src/expectations`,
    ],
    tests: [
      `${core}/src/filesystem/{lost-reply,late-read-back,mutation,base-filesystem}.test.ts`,
      `${core}/src/{operations/commit,expectations}/*.test.ts`,
      `${core}/src/capabilities/gate.test.ts`,
    ],
    loaded: [
      `${core}/src/{views,mounts}/*.test.ts`,
      `${core}/src/layers/with-{encryption,tracing,read-only,retry}.test.ts`,
      `${core}/src/{filesystem/lost-reply,operations/commit/commit}.test.ts`,
      `${core}/test/{commit,whole}-through-wrappers.test.ts`,
    ],
    further: allOfCore,
  },
  {
    of: [`${core}/src/capabilities`],
    tests: [`${core}/src/capabilities/*.test.ts`, `${core}/test/permission-matrix.test.ts`],
    further: allOfCore,
  },
  { of: [`${core}/src/paths`], tests: [`${core}/src/paths/*.test.ts`], further: allOfCore },
  {
    of: [`${core}/src/mounts`, `${core}/src/views`, `${core}/src/routing`],
    tests: [`${core}/src/{mounts,views,routing}/*.test.ts`, `${core}/test/{mount,view}-model.test.ts`],
    further: allOfCore,
  },
  {
    of: ['packages/sql/src/batches'],
    tests: ['packages/sql/src/batches/*.test.ts'],
    further: ofSqlite,
  },
  {
    of: [
      'packages/sql/src/statements',
      'packages/sql/src/rows',
      'packages/sql/src/sqlite/gets-statement.ts',
      'packages/sql/src/sqlite/group-statements.ts',
    ],
    tests: ['packages/sql/{src/statements,src/rows,src/sqlite}/*.test.ts', 'packages/sql/test/*.test.ts'],
    further: ofSqlite,
  },
  {
    of: ['batch-statement', 'batch-write', 'checks-statement', 'gets-statement', 'many-read', 'literals'].map(
      (it) => `packages/postgres/src/${it}.ts`,
    ),
    tests: ['packages/postgres/{src/*,test/{batches,commits,groups,reads-together}}.test.ts'],
    further: ofPostgres,
    server: true,
  },
];

/** They read sources, end processes, watch the heap or run for seconds; what they find, others find sooner. */
export const LEFT_OUT = [
  '**/leaks*.test.ts',
  '**/no-shared-state.test.ts',
  '**/uncaught-error.test.ts',
  '**/deadline-codes*.test.ts',
  '**/*-doc.test.ts',
  '**/event-loop.test.ts',
  '**/{crash,server-crash,opening-together,missing-binary,busy,unusable-files}.test.ts',
  '**/migration-*.test.ts',
  '**/starved-pool.test.ts',
];
