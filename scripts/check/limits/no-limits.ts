/** Numbers with names that bound nothing. */
export interface NoLimit {
  readonly file: string;
  /** The constants, or the objects and arrays that they are in. */
  readonly names: readonly string[];
  /** What they are instead. */
  readonly why: string;
}

/** The numbers of the packages that bound nothing. */
export const NO_LIMITS: readonly NoLimit[] = [
  {
    file: 'packages/core/src/capabilities/commit-limits.ts',
    names: ['WITHOUT_PLANES'],
    why: 'what is claimed where there is nothing to bound',
  },
  {
    file: 'packages/libsql/src/request-length.ts',
    names: ['AROUND_STATEMENT', 'AROUND_VALUE'],
    why: 'how long the rest of a request is',
  },
  { file: 'packages/libsql/src/file-connection.ts', names: ['FileConnection'], why: 'nothing is sent to a file' },
  {
    file: 'packages/contract/src/running/effort.ts',
    names: ['quick', 'full', 'long'].flatMap((effort) =>
      [
        'storm',
        'race',
        'restless',
        'processes',
        'killedChanges',
        'kills',
        'kept',
        'writesAtOnce',
        'children',
        'sequences',
        'calls',
      ].map((what) => `EFFORT.${effort}.${what}`),
    ),
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/support/until-not-busy.ts',
    names: ['LET_GO_MS', 'TRY_EVERY_MS'],
    why: 'how long a scenario looks at what should not happen',
  },
  {
    file: 'packages/contract/src/durability/change.ts',
    names: ['SORTS', 'LARGE_ONE_IN', 'MANY', 'SMALL', 'DELETE_ONE_IN', 'LAST', 'MUCH'],
    why: 'what is written before a crash',
  },
  { file: 'packages/contract/src/durability/write-large.ts', names: ['FIRST', 'AT_ONCE'], why: 'what is written' },
  {
    file: 'packages/contract/src/durability/writers-plan.ts',
    names: ['SLOTS', 'DELETES_ONE_IN', 'SHORT', 'LONGER', 'LARGE'],
    why: 'what is written before a crash',
  },
  {
    file: 'packages/contract/src/durability/run-writers.ts',
    names: ['PAUSES', 'STEPS', 'LOOK_EVERY_MS'],
    why: 'how writers meet, and when they die',
  },
  {
    file: 'packages/contract/src/durability/long-writes.ts',
    names: ['LEAST_ENDED', 'TIMES_AS_LONG', 'LEAST_MS', 'REMEMBERED'],
    why: 'what counts as long',
  },
  { file: 'packages/contract/src/races/race-shape.ts', names: ['LARGE', 'EQUAL', 'USUAL'], why: 'what is raced over' },
  { file: 'packages/contract/src/history/tagged-body.ts', names: ['HEAD'], why: 'how long a beginning is' },
  { file: 'packages/contract/src/history/options-of-callers.ts', names: ['PATIENCE_MS'], why: 'when callers give up' },
  {
    file: 'packages/contract/src/history/record-calls.ts',
    names: ['PASSING', 'CALLS_IN_PASSING'],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/history/record-transactions.ts',
    names: ['MOST_READ'],
    why: 'how much a scenario does',
  },
  { file: 'packages/contract/src/races/run-every-race.ts', names: ['ROUNDS_FOR_ONE'], why: 'how much a scenario does' },
  {
    file: 'packages/contract/src/restless/restless-store.ts',
    names: ['WRITERS', 'WRITES_IN_A_ROW', 'LENGTHS'],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/durability-crashes.ts',
    names: [
      'PATHS',
      'CHANGES_OF_EACH',
      'MOST_TURNS',
      'AFTERWARDS',
      'CHANGES_OF_OTHERS',
      'WRITERS',
      'STAYING',
      'SHARE_FOR_WRITING',
      'DEATHS',
      'SHARES',
      'LARGE',
    ],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/entries.ts',
    names: ['LEFT_EARLY', 'PAGE_BYTES'],
    why: 'how much a scenario does',
  },
  { file: 'packages/contract/src/scenarios/entries-meanwhile.ts', names: ['PAGES'], why: 'options of calls to try' },
  {
    file: 'packages/contract/src/scenarios/list-meanwhile.ts',
    names: ['LARGE_BODIES', 'LARGE_BODY', 'NEIGHBOURS'],
    why: 'bodies to store, and how much a scenario does',
  },
  { file: 'packages/contract/src/scenarios/process.ts', names: ['RACING_CHILDREN'], why: 'how much a scenario does' },
  {
    file: 'packages/contract/src/scenarios/bytes.ts',
    names: ['TRICKY_INDEX', 'LENGTHS', 'LARGE'],
    why: 'values to store',
  },
  {
    file: 'packages/contract/src/model/values/bytes.ts',
    names: ['LENGTHS', 'LONGEST', 'BEGINNINGS', 'ENDINGS', 'BETWEEN_PATTERNS'],
    why: 'values to store',
  },
  {
    file: 'packages/contract/src/model/values/paths.ts',
    names: ['LONGEST'],
    why: 'how long the paths are that are tried',
  },
  { file: 'packages/contract/src/model/values/entries.ts', names: ['NUMBERS', 'INTEGERS'], why: 'values to store' },
  {
    file: 'packages/contract/src/model/values/wrong-arguments.ts',
    names: ['WRONG_LIST_OPTIONS', 'WRONG_ENTRIES_OPTIONS'],
    why: 'values to refuse',
  },
  {
    file: 'packages/contract/src/model/operations/list.ts',
    names: ['DEFAULT_LIMIT'],
    why: 'what the contract says of a list without a limit',
  },
  {
    file: 'packages/contract/src/model/compare-backends.ts',
    names: ['ORDINARY', 'AT_A_TIME'],
    why: 'how much a comparison does',
  },
  {
    file: 'packages/contract/src/model/operations/update.ts',
    names: ['ATTEMPTS'],
    why: 'options of a call that is tried',
  },
  {
    file: 'packages/contract/src/model/operations/everything.ts',
    names: ['PATHS_ONE_BY_ONE', 'DIRECTORIES_ONE_BY_ONE', 'DIRECTORIES_WHEN_EMPTY'],
    why: 'how much a look reads',
  },
  { file: 'packages/contract/src/model/side.ts', names: ['FIRST', 'CHILD'], why: 'numbers of instances' },
  {
    file: 'packages/contract/src/scenarios/model.ts',
    names: ['SHARE_FOR_SEARCHING', 'LEAST_SEQUENCES', 'LEAST_ON_SLOW_STORES', 'LENGTHS', 'BESIDE', 'SEQUENCES_FOR_ONE'],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/abort-moments.ts',
    names: ['LATER_MS', 'MOMENTS_OF_LARGE', 'LARGE'],
    why: 'how long a scenario looks at what should not happen',
  },
  {
    file: 'packages/contract/src/scenarios/close.ts',
    names: ['MOMENT_MS', 'LONG_MS', 'LARGE', 'TURNS_BEFORE_CLOSE', 'WRITES_OF_EACH'],
    why: 'how long a scenario looks at what should not happen, and how much there is to close',
  },
  { file: 'packages/contract/src/model/play-beside.ts', names: ['SHAPE'], why: 'how much a scenario does' },
  {
    file: 'packages/contract/src/scenarios/open.ts',
    names: ['TOGETHER', 'TIMES', 'OPENED_AMID', 'AMID', 'MOST_AMID'],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/bytes-meanwhile.ts',
    names: ['SORTS', 'OWNERS', 'PAUSES'],
    why: 'how much a scenario does',
  },
  { file: 'packages/contract/src/scenarios/get-many.ts', names: ['LENGTHS', 'ASKED'], why: 'values to store' },
  {
    file: 'packages/contract/src/scenarios/error-many.ts',
    names: ['LARGE', 'LARGE_ONE_IN', 'STEPS'],
    why: 'what is refused, and when callers give up',
  },
  { file: 'packages/contract/src/scenarios/error.ts', names: ['LARGE'], why: 'a body to refuse' },
  { file: 'packages/contract/src/scenarios/list.ts', names: ['READ_OF_THE_LAST'], why: 'how much a scenario does' },
  {
    file: 'packages/contract/src/model/operations/at-once.ts',
    names: ['APART'],
    why: 'how versions of one step are told apart',
  },
  {
    file: 'packages/contract/src/support/left-by.ts',
    names: ['A_MOMENT_MS', 'LOOK_EVERY_MS'],
    why: 'how long a scenario looks at what should not happen',
  },
  { file: 'packages/contract/src/support/random.ts', names: ['MAX_SEED'], why: 'a fact about fast-check' },
  {
    file: 'packages/contract/src/running/for-slow.ts',
    names: ['UPDATES_A_SECOND', 'STORM_S', 'WAIT_S', 'LEAST', 'OPERATIONS'],
    why: 'how much a scenario does',
  },
  { file: 'packages/contract/src/scenarios/cas-storms.ts', names: ['WAVE'], why: 'how often writers meet' },
  {
    file: 'packages/contract/src/scenarios/hostile.ts',
    names: ['HOSTILE_EXPECTATIONS', 'HOSTILE_ENTRIES', 'HOSTILE_OPTIONS'],
    why: 'values to refuse',
  },
  {
    file: 'packages/contract/src/scenarios/commit-crashes.ts',
    names: ['ENTRIES', 'BODY_BYTES', 'COMMITS'],
    why: 'how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/commit-entries.ts',
    names: ['MOST_BYTES', 'LENGTHS'],
    why: 'bodies to store, and how much a scenario does',
  },
  {
    file: 'packages/contract/src/scenarios/commit-races.ts',
    names: ['PATHS', 'MANY_PATHS', 'COMMITS_OF_EACH'],
    why: 'how much a scenario does',
  },
  { file: 'packages/contract/src/scenarios/commit-reads.ts', names: ['PATHS'], why: 'how much a scenario does' },
  {
    file: 'packages/contract/src/scenarios/commit-refusals.ts',
    names: ['HOSTILE_OPTIONS', 'LATER_MS', 'DEADLINES'],
    why: 'values to refuse, and how long a scenario looks at what should not happen',
  },
  { file: 'packages/contract/src/scenarios/path.ts', names: ['INVALID_PATHS'], why: 'values to refuse' },
  {
    file: 'packages/sqlite/src/node-api.ts',
    names: ['NODE_API_OF_DRIVER', 'DRIVER_WITH_IT'],
    why: 'releases',
  },
  { file: 'packages/core/src/runtime/old-node.ts', names: ['OLDEST_NODE'], why: 'a release' },
  {
    file: 'packages/core/src/errors/error-stack.ts',
    names: ['DEFAULT_FRAMES'],
    why: 'a fact about V8',
  },
  { file: 'packages/core/src/errors/nearest-word.ts', names: ['LETTERS_FOR_A_TYPO'], why: 'how alike words are' },
  {
    file: 'packages/core/src/layers/encryption/associated-data.ts',
    names: ['ABSENT', 'PRESENT', 'NULL', 'FALSE', 'TRUE', 'NUMBER', 'STRING'],
    why: 'tags of the format',
  },
  {
    file: 'packages/core/src/layers/encryption/field-writer.ts',
    names: ['FIRST_BYTES', 'BYTES_PER_UNIT'],
    why: 'the size of a buffer that grows, and a fact about UTF-8',
  },
  {
    file: 'packages/core/src/layers/encryption/sealed-body.ts',
    names: ['FORMAT', 'SALT_BYTES', 'NONCE_BYTES'],
    why: 'the format of a sealed body',
  },
  {
    file: 'packages/core/src/layers/encryption/node-crypto.ts',
    names: ['KEY_BYTES', 'TAG_BYTES', 'LENGTHS'],
    why: 'what AES-256-GCM says',
  },
  {
    file: 'packages/core/src/layers/tracing/instruments.ts',
    names: ['DURATION_BOUNDARIES', 'ATTEMPT_BOUNDARIES'],
    why: 'where the buckets of a histogram end',
  },
  { file: 'packages/libsql/src/sockets.ts', names: ['HIGHEST_STATUS'], why: 'a fact about `Response`' },
  { file: 'packages/libsql/src/open-file.ts', names: ['FULL'], why: 'what SQLite calls `synchronous=FULL`' },
  {
    file: 'packages/local-disk/src/calls/open-flags.ts',
    names: ['OPEN_DIRECTORY', 'OPEN_FOR_READING', 'CREATE_FILE'],
    why: 'flags of the operating system',
  },
  { file: 'packages/postgres/src/row-types.ts', names: ['BYTEA', 'INT4'], why: 'what PostgreSQL calls its types' },
  { file: 'packages/postgres/src/server-facts.ts', names: ['OLDEST_VERSION'], why: 'a release of PostgreSQL' },
  {
    file: 'packages/sql/src/sqlite/result-code-table.ts',
    names: ['EXTENDED_STEP'],
    why: 'how SQLite numbers its codes',
  },
  {
    file: 'packages/sql/src/statements/child-key.ts',
    names: ['SEPARATOR', 'AFTER_SEPARATOR'],
    why: 'characters of a key',
  },
  { file: 'packages/sql/src/sqlite/watch/descriptors.ts', names: ['READ_OR_WRITE'], why: 'ways to open a file' },
  {
    file: 'packages/sql/src/sqlite/watch/held-lock-state.ts',
    names: ['WRITE_LOCK', 'PRESENCE_LOCK', 'LONGEST_TEXT'],
    why: 'where SQLite has its locks, and the size of a buffer for what Linux tells of them',
  },
  { file: 'packages/sqlite/src/supplied-database.ts', names: ['FULL', 'EXTRA'], why: 'values of `synchronous`' },
  { file: 'packages/sqlite/src/wal-reset.ts', names: ['FIXED_IN'], why: 'releases of SQLite' },
];
