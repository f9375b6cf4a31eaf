// `AsyncDisposable` is in no `lib` that users have by default; every runtime that is supported has what it stands for.
/// <reference lib="esnext.disposable" preserve="true" />
import type {
  Capabilities,
  DeleteExpectationFor,
  EntryFor,
  ExpectationFor,
  VersionAt,
} from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import type { Version } from '../versions/version.ts';
import type { OperationOptions } from './operation-options.ts';

/** What `put` answers. */
export interface PutResult<V extends Version | undefined = Version | undefined> {
  /** The version of this write; `undefined` where the backend is not versioned. */
  readonly version: V;
}

/** What `delete` answers. */
export interface DeleteResult {
  /** Whether there was an entry to delete. */
  readonly deleted: boolean;
}

/** The options of `list`. */
export interface ListOptions extends OperationOptions {
  /** Only names that sort after this one, which need not exist. */
  readonly after?: string | undefined;
  /** The most children of this page: 1 to 1,000, by default 100. */
  readonly limit?: number | undefined;
}

/** One direct child of a directory. It can be an entry, have entries below it, or both. */
export interface Child {
  readonly name: string;
  readonly isEntry: boolean;
  readonly isPrefix: boolean;
}

/** One page of direct children, in code point order of their names. */
export interface ListPage {
  readonly children: readonly Child[];
  /** What to pass as `after` for the next page; `undefined` when there is none. */
  readonly next: string | undefined;
}

/** The options of `entries`. */
export interface EntriesOptions extends OperationOptions {
  /** Only paths that sort after this one, which need not exist. */
  readonly after?: string | undefined;
  /** How many entries one backend call brings at most, bodies included: 1 to 1,000, by default 100. */
  readonly pageSize?: number | undefined;
  /**
   * How many bytes of bodies are enough for one backend call: 1 byte to 32 MiB, by default 32 MiB. It ends with the entry
   * that makes them that many, so it never brings more than this and one body, whatever came before.
   */
  readonly pageBytes?: number | undefined;
}

/**
 * One filesystem-shaped store of versioned entries.
 *
 * Every method takes plain strings for paths and validates them. Every method but `capabilitiesAt` reports
 * errors by rejecting with a {@link HoldfastError}; besides the codes each method names, all of them can
 * reject with `INVALID_ARGUMENT`, `INVALID_PATH`, `TIMEOUT`, `ABORTED`, `CLOSED`, `ACCESS_DENIED`, `CORRUPT`,
 * `UNAVAILABLE`, `BUSY`, `SCHEMA_UNSUPPORTED` and `BACKEND_FAILED`; through mounts, views and layers also with
 * `NOT_MOUNTED`, `OVERLOADED`, `DECRYPTION_FAILED` and `KEY_NOT_FOUND`. What a call runs, it runs in its caller's async context, also
 * when it had to wait. `C` is what is known of the capabilities at compile time.
 */
export interface RootFilesystem<C extends Capabilities = Capabilities> extends AsyncDisposable {
  /** What the backend that serves this path promises there. Costs nothing. @throws HoldfastError `INVALID_PATH` */
  capabilitiesAt(path: string): C;

  /** The entry at a path, or `undefined` when there is none. One round trip. */
  get(path: string, options?: OperationOptions): Promise<Snapshot<VersionAt<C>> | undefined>;

  /**
   * Writes an entry when the expectation holds, and gives its new version, also when the bytes are the same.
   * One round trip, unless a reply is lost: then the write is read back and resolved.
   *
   * Rejects with `VERSION_MISMATCH` (nothing changed), `UNSUPPORTED`, `PATH_CONFLICT`, `BODY_TOO_LARGE`,
   * `STORAGE_FULL` or `OUTCOME_UNKNOWN`.
   */
  put(
    path: string,
    entry: EntryFor<C>,
    expectation: ExpectationFor<C>,
    options?: OperationOptions,
  ): Promise<PutResult<VersionAt<C>>>;

  /**
   * Deletes the entry when the expectation holds. With `'any'` it succeeds also when there is none.
   * One round trip.
   *
   * Rejects with `VERSION_MISMATCH` (nothing changed), `UNSUPPORTED` or `OUTCOME_UNKNOWN`.
   */
  delete(path: string, expectation: DeleteExpectationFor<C>, options?: OperationOptions): Promise<DeleteResult>;

  /**
   * A page of the direct children of a directory; `/` is the root. A directory that has none, or does not
   * exist, gives an empty page. The cost follows the page, not what lies below the children.
   */
  list(directory: string, options?: ListOptions): Promise<ListPage>;

  /**
   * Every entry below a directory (itself not included) in code point order of the paths. Fetches page by
   * page while it is iterated, none before it is asked for: an entry that exists throughout is seen exactly once, as it is
   * when its page is fetched, and one that comes or goes meanwhile at most once. `timeoutMs` bounds each page.
   */
  entries(prefix: string, options?: EntriesOptions): AsyncIterableIterator<Snapshot<VersionAt<C>>>;

  /**
   * Refuses new operations with `CLOSED`, waits for those under way, at most for five seconds, then releases what the
   * filesystem owns. Takes no options. Closing again gives the same promise.
   */
  close(): Promise<void>;
}
