/** Numbers of a file that stand in the middle of its code and bound nothing. */
export interface Unnamed {
  readonly file: string;
  /** As they are written; all of the file that are written so. */
  readonly numbers: readonly string[];
  /** What they are instead. */
  readonly why: string;
}

/** Where numbers are what is tried on a store, and not what bounds one. */
export const TRIALS: readonly string[] = [
  'scenarios',
  'support',
  'history',
  'processes',
  'model',
  'races',
  'restless',
  'durability',
].map((folder) => `packages/contract/src/${folder}/`);

/** The numbers without names that bound nothing. */
export const UNNAMED: readonly Unnamed[] = [
  {
    file: 'packages/core/src/updates/backoff.ts',
    numbers: ['31'],
    why: 'keeps a power of two from growing without end; the ceiling is `backoffMaxMs`',
  },
  { file: 'packages/core/src/operations/list/list-by-scan.ts', numbers: ['0x2f'], why: 'the slash' },
  { file: 'packages/contract/src/wire/parse-rule.ts', numbers: ['0xff'], why: 'all bits of a byte' },
  {
    file: 'packages/core/src/layers/encryption/field-writer.ts',
    numbers: ['4', '8'],
    why: 'the bytes of a length and of a number',
  },
  { file: 'packages/libsql/src/request-length.ts', numbers: ['4', '3'], why: 'how base64 is made' },
  {
    file: 'packages/libsql/src/busy-retry.ts',
    numbers: ['8', '0.5'],
    why: 'keeps a power of two from growing without end; where jitter has its middle',
  },
  {
    file: 'packages/libsql/src/network-failures.ts',
    numbers: ['400', '401', '403', '404', '405', '411', '413', '414', '415', '429', '431'],
    why: 'statuses of HTTP',
  },
  { file: 'packages/libsql/src/open-libsql.ts', numbers: ['404'], why: 'a status of HTTP' },
  { file: 'packages/libsql/src/server-fetch.ts', numbers: ['400', '599'], why: 'statuses of HTTP' },
  { file: 'packages/libsql/src/supplied-client.ts', numbers: ['8'], why: 'random bytes of a name' },
  { file: 'packages/local-disk/src/names/temp-name.ts', numbers: ['16'], why: 'random bytes of a name' },
  { file: 'packages/local-disk/src/write/temp-file.ts', numbers: ['0o666'], why: 'the mode of a file' },
  { file: 'packages/postgres/src/sender.ts', numbers: ['16'], why: 'the part of a digest that is in a name' },
  { file: 'packages/postgres/src/pool-config.ts', numbers: ['10', '65_535'], why: 'the base and the range of a port' },
  {
    file: 'packages/sqlite/src/busy-retry.ts',
    numbers: ['8', '0.5'],
    why: 'keeps a power of two from growing without end; where jitter has its middle',
  },
  { file: 'packages/sqlite/src/wal-reset.ts', numbers: ['3', '52'], why: 'parts of a version of SQLite' },
  {
    file: 'packages/core/src/paths/segment.ts',
    numbers: ['16', '0xed', '0x80', '0x3f', '6', '0xd000'],
    why: 'hexadecimal digits; bytes of UTF-8',
  },
  { file: 'packages/core/src/layers/tracing/instruments.ts', numbers: ['1000'], why: 'milliseconds in a second' },
  {
    file: 'packages/core/src/paths/code-points.ts',
    numbers: ['0x7f', '0x7ff', '0x800', '0x2000', '0xd800', '0xdfff', '0xe000'],
    why: 'facts about UTF-8 and UTF-16',
  },
];
