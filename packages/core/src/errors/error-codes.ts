/** What happened to a mutation that failed: a promise that it did not land, or no promise at all. */
export type Outcome = 'not-applied' | 'unknown';

/** One row of {@link ERROR_CODES}: what a code means for the caller. */
export interface ErrorCodeInfo {
  /** Whether the same call may simply be repeated when its outcome is not `'unknown'`. */
  readonly retryable: boolean;
  /** The outcome of a mutation that failed with this code when the adapter does not say. */
  readonly outcome: Outcome;
  /** When it is raised. */
  readonly raised: string;
  /** What the caller should do. */
  readonly remedy: string;
}

/** A stable error code; see {@link ERROR_CODES} for what each means. */
export type ErrorCode =
  | 'INVALID_ARGUMENT'
  | 'INVALID_PATH'
  | 'VERSION_MISMATCH'
  | 'PATH_CONFLICT'
  | 'UNSUPPORTED'
  | 'CAS_UNSUPPORTED'
  | 'BODY_TOO_LARGE'
  | 'COMMIT_TOO_LARGE'
  | 'NOT_MOUNTED'
  | 'ACCESS_DENIED'
  | 'BUSY'
  | 'OVERLOADED'
  | 'RETRIES_EXHAUSTED'
  | 'TIMEOUT'
  | 'ABORTED'
  | 'OUTCOME_UNKNOWN'
  | 'CLOSED'
  | 'UNAVAILABLE'
  | 'STORAGE_FULL'
  | 'CORRUPT'
  | 'DECRYPTION_FAILED'
  | 'KEY_NOT_FOUND'
  | 'RECORD_INVALID'
  | 'RECORD_TOO_NEW'
  | 'SCHEMA_UNSUPPORTED'
  | 'BACKEND_FAILED';

/**
 * Every error code with its meaning. Codes are stable across releases; messages are not.
 * The table in `docs/errors.md` is checked against this object by a test.
 */
export const ERROR_CODES: { readonly [Code in ErrorCode]: ErrorCodeInfo } = {
  INVALID_ARGUMENT: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'An entry, expectation, option, cursor or codec value is malformed.',
    remedy: 'Fix the call; the message names the argument and the kind of value it got.',
  },
  INVALID_PATH: {
    retryable: false,
    outcome: 'not-applied',
    raised:
      'A path breaks a path rule, is too long where it leads, has a name that the backend reserves, or is the directory of a mount or grant.',
    remedy: 'Fix the path; the message names the rule.',
  },
  VERSION_MISMATCH: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'The expectation of a `put` or `delete`, or one of a `commit`, does not hold; nothing changed.',
    remedy:
      'Read again and decide again, or let `casUpdate` or `transact` do so; `paths` of a `commit` are those to read.',
  },
  PATH_CONFLICT: {
    retryable: false,
    outcome: 'not-applied',
    raised: "On a backend with `paths: 'tree'`: an entry stands where a directory is needed, or the reverse.",
    remedy: 'Use another path, or delete what is in the way.',
  },
  UNSUPPORTED: {
    retryable: false,
    outcome: 'not-applied',
    raised:
      'The path does not have the capability the call needs, or leads to another filesystem than the others of a `commit`; nothing was touched.',
    remedy: "Ask `capabilitiesAt` first; mount a backend that has the error's `capability`.",
  },
  CAS_UNSUPPORTED: {
    retryable: false,
    outcome: 'not-applied',
    raised: '`casUpdate` on a path that is not versioned or takes no records; nothing was written.',
    remedy: "Keep records on a backend with `cas: 'versioned'`.",
  },
  BODY_TOO_LARGE: {
    retryable: false,
    outcome: 'not-applied',
    raised: "The body is longer than the path's `maxBodyBytes`.",
    remedy: 'Split the body or store it elsewhere.',
  },
  COMMIT_TOO_LARGE: {
    retryable: false,
    outcome: 'not-applied',
    raised: "A `commit` has more changes than the path's `maxCommitChanges`, or more bytes than its `maxCommitBytes`.",
    remedy: "Do with less in one step; the error's `capability` names the limit.",
  },
  NOT_MOUNTED: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'No mount, and no grant of a scoped view, covers the path; nothing was touched.',
    remedy: 'Mount a filesystem there, grant the path, or correct it.',
  },
  ACCESS_DENIED: {
    retryable: false,
    outcome: 'not-applied',
    raised:
      'A grant or a read-only layer does not include the operation, the backend refuses access, or the path would leave the root through a symbolic link.',
    remedy: 'Grant the permission, or check those of the backend and symbolic links below the root.',
  },
  BUSY: {
    retryable: true,
    outcome: 'not-applied',
    raised: 'Other writers hold the backend; this call did nothing.',
    remedy: 'Retry with backoff; `casUpdate` and `transact` do.',
  },
  OVERLOADED: {
    retryable: true,
    outcome: 'not-applied',
    raised: 'As many calls as are allowed run, and as many as are allowed wait; this call did nothing.',
    remedy: 'Shed load, or retry later; raise the limits of `withConcurrencyLimit` if the backend can take more.',
  },
  RETRIES_EXHAUSTED: {
    retryable: true,
    outcome: 'not-applied',
    raised: '`casUpdate` or `transact` lost the race on every attempt it was allowed.',
    remedy: 'Raise `maxAttempts`, or spread the load over more records.',
  },
  TIMEOUT: {
    retryable: true,
    outcome: 'unknown',
    raised: 'The deadline passed.',
    remedy: "With outcome `'not-applied'` retry; with `'unknown'` read before deciding.",
  },
  ABORTED: {
    retryable: false,
    outcome: 'unknown',
    raised: "The caller's `AbortSignal` fired.",
    remedy: "Nothing; with outcome `'unknown'` read before deciding.",
  },
  OUTCOME_UNKNOWN: {
    retryable: false,
    outcome: 'unknown',
    raised: 'The reply of a write was lost and reading back could not tell whether it landed.',
    remedy: 'Read the entry and decide; never repeat blindly.',
  },
  CLOSED: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'The filesystem was closed, or the function of a `transact` has ended whose transaction is used.',
    remedy: 'Open a new one; use a transaction while its function runs.',
  },
  UNAVAILABLE: {
    retryable: true,
    outcome: 'unknown',
    raised: 'The backend cannot be reached.',
    remedy: "With outcome `'not-applied'`, or for a read, retry later.",
  },
  STORAGE_FULL: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'The backend has no room left.',
    remedy: 'Free or add space.',
  },
  CORRUPT: {
    retryable: false,
    outcome: 'unknown',
    raised: 'What is stored is not something the adapter could have written.',
    remedy: 'Inspect the store; do not overwrite blindly.',
  },
  DECRYPTION_FAILED: {
    retryable: false,
    outcome: 'unknown',
    raised:
      'What is stored is not what `withEncryption` wrote at this path: plain, cut, changed, moved, or under another key of the same id.',
    remedy: 'Inspect the store and the key ring; do not overwrite blindly.',
  },
  KEY_NOT_FOUND: {
    retryable: false,
    outcome: 'unknown',
    raised: 'An entry is encrypted under a key whose id is not in the key ring.',
    remedy: 'Add that key to the `keys` of `withEncryption`.',
  },
  RECORD_INVALID: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'A codec cannot read a stored record, or will not write a value it could not read back.',
    remedy: 'Fix the value, the schema or the stored record; the message and `issues` tell where it is wrong.',
  },
  RECORD_TOO_NEW: {
    retryable: false,
    outcome: 'not-applied',
    raised: 'A stored record is of a format that its `versionedCodec` does not know: a newer program has written it.',
    remedy: 'Leave the record to programs that know its format, or upgrade this one.',
  },
  SCHEMA_UNSUPPORTED: {
    retryable: false,
    outcome: 'not-applied',
    raised: "The database's schema is missing, or is newer than this release knows.",
    remedy: 'Migrate the database or upgrade the package.',
  },
  BACKEND_FAILED: {
    retryable: false,
    outcome: 'unknown',
    raised: 'The backend failed in a way the adapter has no better code for.',
    remedy: 'Look at `rawCause()`; report it if a better code exists.',
  },
};
