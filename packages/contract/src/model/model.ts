import {
  DEFAULT_CONTENT_TYPE,
  type Capabilities,
  type Child,
  type EntryInput,
  type OperationName,
} from '@holdfast/core';
import { describeFailure } from './answers.ts';
import { asStored, describeEntry } from './values/entries.ts';
import type { DeleteExpected, PutExpected } from './values/expectations.ts';
import type { Patience } from './values/patience.ts';
import { below, byUtf8 } from './values/paths.ts';

/** An entry of the model with the name of its version: that of the step which wrote it. */
export interface Stored {
  readonly entry: EntryInput;
  readonly version: string;
  /** The entry as text. */
  readonly described: string;
}

/** A version that no entry has. */
const NONE = 'none';

/**
 * What a store has to do, by its interface and the capabilities it claims: a `Map` and a few rules. Written for the
 * comparison and independent of every adapter.
 */
export class Model {
  readonly capabilities: Capabilities;
  /** Whether an instance that is closed and opened again finds what was there. */
  readonly survivesClose: boolean;
  closed: boolean = false;
  readonly #entries = new Map<string, Stored>();
  readonly #writes = new Map<string, string[]>();

  constructor(capabilities: Capabilities, survivesClose: boolean) {
    this.capabilities = capabilities;
    this.survivesClose = survivesClose;
  }

  /** The entry at a path. */
  at(path: string): Stored | undefined {
    return this.#entries.get(path);
  }

  /** The paths that were ever written to. */
  get written(): readonly string[] {
    return [...this.#writes.keys()];
  }

  /** The paths below a directory, in order. */
  pathsBelow(directory: string): string[] {
    return [...this.#entries.keys()].filter((path) => path.startsWith(below(directory))).toSorted(byUtf8);
  }

  /** The direct children of a directory, in order. */
  children(directory: string): Child[] {
    const start = below(directory).length;
    const found = new Map<string, { isEntry: boolean; isPrefix: boolean }>();
    for (const path of this.pathsBelow(directory)) {
      const [name = '', ...further] = path.slice(start).split('/');
      const child = found.get(name) ?? { isEntry: false, isPrefix: false };
      found.set(name, further.length === 0 ? { ...child, isEntry: true } : { ...child, isPrefix: true });
    }
    return [...found].map(([name, child]) => ({ name, ...child })).toSorted((a, b) => byUtf8(a.name, b.name));
  }

  /** The name of the version that an expectation means, or a name no entry has. */
  versionOf(path: string, expected: Exclude<PutExpected, string>): string {
    const writes = this.#writes.get(path) ?? [];
    switch (expected.of) {
      case 'current':
        return this.at(path)?.version ?? NONE;
      case 'last':
        return writes.at(-1) ?? NONE;
      case 'earlier':
        return writes.at(-2) ?? NONE;
      case 'other':
        return this.at(expected.path)?.version ?? NONE;
      default:
        return NONE;
    }
  }

  /** Why a call is turned away before the store is looked at; each of the answers is right. Empty when it is not. */
  turnedAway(
    operation: OperationName,
    path: string | undefined,
    patience: Patience,
    missing: readonly string[] = [],
  ): string[] {
    const refuse = (code: 'CLOSED' | 'ABORTED' | 'TIMEOUT') => describeFailure({ code, operation, path });
    return [
      ...(this.closed ? [refuse('CLOSED')] : []),
      ...missing.map((capability) => describeFailure({ code: 'UNSUPPORTED', operation, path, capability })),
      ...(patience === 'aborted' ? [refuse('ABORTED')] : []),
      ...(patience === 'none' ? [refuse('TIMEOUT')] : []),
    ];
  }

  /** The capabilities that a put needs and that are not claimed. */
  missingFor(entry: EntryInput, expected: PutExpected): string[] {
    const { records, indexed, contentTypes, cas } = this.capabilities;
    const needs = [
      { capability: 'records', missing: entry.kind !== undefined && !records },
      { capability: 'indexed', missing: entry.indexed !== undefined && !indexed },
      {
        capability: 'contentTypes',
        missing: (entry.contentType ?? DEFAULT_CONTENT_TYPE) !== DEFAULT_CONTENT_TYPE && !contentTypes,
      },
      { capability: 'cas', missing: typeof expected === 'object' && cas !== 'versioned' },
      { capability: 'cas', missing: expected === 'absent' && cas === 'none' },
    ];
    return needs.filter(({ missing }) => missing).map(({ capability }) => capability);
  }

  /** The refusal of a body that is longer than is claimed. Empty when it is not. */
  tooLong(operation: OperationName, path: string, entry: EntryInput): string[] {
    if (entry.body.length <= this.capabilities.maxBodyBytes) return [];
    return [describeFailure({ code: 'BODY_TOO_LARGE', operation, path })];
  }

  /** The failures of a put that the store itself decides about. Empty when it succeeds. */
  obstacles(operation: OperationName, path: string, expected: PutExpected): string[] {
    const fail = (code: 'PATH_CONFLICT' | 'VERSION_MISMATCH') => describeFailure({ code, operation, path });
    const here = this.at(path);
    if (this.capabilities.paths === 'tree' && this.#isInTheWay(path)) {
      // Nothing can be at the path then, so a version does not hold either.
      return typeof expected === 'object' ? [fail('PATH_CONFLICT'), fail('VERSION_MISMATCH')] : [fail('PATH_CONFLICT')];
    }
    return this.holds(path, here, expected) ? [] : [fail('VERSION_MISMATCH')];
  }

  /** Whether an expectation holds. */
  holds(path: string, here: Stored | undefined, expected: PutExpected | DeleteExpected): boolean {
    if (expected === 'any') return true;
    if (expected === 'absent') return here === undefined;
    return here !== undefined && here.version === this.versionOf(path, expected);
  }

  /** Stores an entry and gives the name of its version, which is this one where there are versions. */
  store(path: string, entry: EntryInput, name: string): string {
    const version = this.capabilities.cas === 'versioned' ? name : 'no version';
    const stored = asStored(entry);
    this.#entries.set(path, { entry: stored, version, described: describeEntry(stored) });
    this.#writes.set(path, [...(this.#writes.get(path) ?? []), version]);
    return version;
  }

  /** Removes an entry and tells whether there was one. */
  remove(path: string): boolean {
    return this.#entries.delete(path);
  }

  /** What `get` and `entries` give for a path. */
  snapshot(path: string): string {
    const stored = this.at(path);
    if (stored === undefined) return 'nothing';
    return `${JSON.stringify(path)} ${stored.version} ${stored.described}`;
  }

  #isInTheWay(path: string): boolean {
    const over = [...this.#entries.keys()].some((other) => path.startsWith(below(other)));
    return over || this.pathsBelow(path).length > 0;
  }
}
