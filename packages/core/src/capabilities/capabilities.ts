import type { EntryInput } from '../entries/entry.ts';
import type { CasExpectation, DeleteExpectation } from '../expectations/cas-expectation.ts';
import type { Version } from '../versions/version.ts';

/**
 * How conditional a write can be. `versioned`: every expectation is honoured atomically. `create-only`:
 * `'absent'` and `'any'` are. `none`: only `'any'` is.
 */
export type CasSupport = 'versioned' | 'create-only' | 'none';

/**
 * `prefix`: an entry `/a` and an entry `/a/b` may coexist. `tree`: they may not, and the second is refused
 * with `PATH_CONFLICT`.
 */
export type PathModel = 'prefix' | 'tree';

/** What an acknowledged write survives. */
export type Durability = 'none' | 'process-crash' | 'power-loss';

/** Who may safely use the same store at the same time: this instance only, this process, this host, or anyone. */
export type Sharing = 'instance' | 'process' | 'host' | 'network';

/** Optional features beyond the five methods. `atomic-commit`: `commit` and `transact`. The others no adapter has yet. */
export type Plane = 'atomic-commit' | 'event-log' | 'query' | 'watch';

/** What a backend promises at one path. Every field is always known; none has a value that means "maybe". */
export interface Capabilities {
  readonly cas: CasSupport;
  /** Whether entries may have a `kind`. Only a versioned backend takes records. */
  readonly records: boolean;
  /** Whether entries may have an `indexed` projection. */
  readonly indexed: boolean;
  /** Whether a content type other than `application/octet-stream` can be stored. */
  readonly contentTypes: boolean;
  /** Whether `delete` takes `{ version }`. */
  readonly conditionalDelete: boolean;
  readonly paths: PathModel;
  readonly durability: Durability;
  readonly sharing: Sharing;
  /** The longest body, in bytes. */
  readonly maxBodyBytes: number;
  /** The longest path of an entry, in UTF-8 bytes: 1,024, and less where something is put before it. */
  readonly maxPathBytes: number;
  /** The most changes of one commit, checks included; 0 where there are no commits. */
  readonly maxCommitChanges: number;
  /** The most bytes of all bodies of one commit together; 0 where there are no commits. */
  readonly maxCommitBytes: number;
  /** The optional planes that work at this path; what is not listed is not there. */
  readonly planes: readonly Plane[];
}

/** The capabilities of a backend that is known at compile time to take records. */
export interface VersionedCapabilities extends Capabilities {
  readonly cas: 'versioned';
  readonly records: true;
  readonly indexed: true;
  readonly contentTypes: true;
  readonly conditionalDelete: true;
}

/** The capabilities of a backend that is known at compile time to hold bytes only. */
export interface ByteOnlyCapabilities extends Capabilities {
  readonly cas: 'create-only' | 'none';
  readonly records: false;
  readonly indexed: false;
  readonly conditionalDelete: false;
}

/** What follows from `cas` for the types of a filesystem. A table, so that the compiler sees it is covariant. */
interface ByCas {
  readonly versioned: {
    readonly version: Version;
    readonly entry: EntryInput;
    readonly put: CasExpectation;
    readonly delete: DeleteExpectation;
  };
  readonly 'create-only': {
    readonly version: undefined;
    readonly entry: OpaqueEntryInput;
    readonly put: 'absent' | 'any';
    readonly delete: 'any';
  };
  readonly none: {
    readonly version: undefined;
    readonly entry: OpaqueEntryInput;
    readonly put: 'any';
    readonly delete: 'any';
  };
}

/** What `put` takes where only bytes can be stored. */
export interface OpaqueEntryInput extends EntryInput {
  readonly kind?: undefined;
  readonly indexed?: undefined;
}

/** The type of a version under capabilities `C`: present, absent, or not known until run time. */
export type VersionAt<C extends Capabilities> = ByCas[C['cas']]['version'];

/** The entries that a backend with capabilities `C` may be given. */
export type EntryFor<C extends Capabilities> = ByCas[C['cas']]['entry'];

/** The expectations that a `put` on a backend with capabilities `C` may have. */
export type ExpectationFor<C extends Capabilities> = ByCas[C['cas']]['put'];

/** The expectations that a `delete` on a backend with capabilities `C` may have. */
export type DeleteExpectationFor<C extends Capabilities> = ByCas[C['cas']]['delete'];
