/**
 * A store that separate processes share: a file, and the SQLite that comes with Node. As small as an adapter for
 * it can be, and good, except where it is told to be otherwise.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { DEFAULT_CONTENT_TYPE } from '@holdfast/core';
import type {
  Capabilities,
  CasExpectation,
  EntryInput,
  IndexedProjection,
  OperationOptions,
  PutResult,
  RootFilesystem,
  Snapshot,
  Version,
  VirtualPath,
} from '@holdfast/core';
import {
  BaseFilesystem,
  defineCapabilities,
  type CommitChange,
  type CommitRequest,
  type DeleteRequest,
  type PathRange,
  type PutRequest,
} from '@holdfast/core/adapter';
import { mismatch } from './good-memory.ts';

const CLAIMS = defineCapabilities<Capabilities>({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'process-crash',
  sharing: 'host',
  maxBodyBytes: 2 ** 17,
  maxPathBytes: 1024,
  maxCommitChanges: 0,
  maxCommitBytes: 0,
  planes: [],
});

const COMMITS = { maxCommitChanges: 40, maxCommitBytes: 2 ** 18, planes: ['atomic-commit'] as const };

const SCHEMA = `
  PRAGMA busy_timeout = 10000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS entries (
    path TEXT PRIMARY KEY, version TEXT NOT NULL, type TEXT NOT NULL, kind TEXT, indexed TEXT, body BLOB NOT NULL
  );`;

const INSERT = 'INSERT INTO entries (version, type, kind, indexed, body, path) VALUES (?, ?, ?, ?, ?, ?)';
const SET = 'SET version = ?, type = ?, kind = ?, indexed = ?, body = ? WHERE path = ?';
const REPLACE = `${INSERT} ON CONFLICT DO UPDATE SET
  version = excluded.version, type = excluded.type, kind = excluded.kind, indexed = excluded.indexed, body = excluded.body`;

/** What is wrong with a {@link SqliteStore}. */
export type Flaw =
  | 'none'
  | 'locks its own process only'
  | 'writes behind'
  | 'writes large bodies behind'
  | 'deletes by version behind'
  | 'counts its own writes'
  | 'knows one content type'
  | 'commits change by change'
  | 'locks the commits of its own process only';

/** What a process needs to open the store; survives JSON. */
export interface SqliteInput {
  readonly file: string;
  readonly flaw: Flaw;
  /** What it claims. */
  readonly sharing: 'process' | 'host';
  /** Whether it claims commits. */
  readonly commits?: boolean;
  /** How long the window between check and write is, where there is one, in milliseconds. */
  readonly gapMs: number;
}

/** One instance on the file. */
export class SqliteStore extends BaseFilesystem {
  protected readonly database: DatabaseSync;
  readonly #claims: Capabilities;

  constructor({ file, sharing, commits = false }: SqliteInput) {
    super();
    this.database = new DatabaseSync(file);
    this.database.exec(SCHEMA);
    this.#claims = { ...CLAIMS, sharing, ...(commits ? COMMITS : {}) };
  }

  protected override _capabilitiesAt(): Capabilities {
    return this.#claims;
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const row = this.database.prepare('SELECT * FROM entries WHERE path = ?').get(path);
    return row && snapshotOf(row);
  }

  protected override async _put(request: PutRequest): Promise<void> {
    const { expectation } = request;
    const values = valuesOf(request);
    if (expectation === 'any') this.#run(REPLACE, ...values);
    else if (expectation === 'absent') this.#expectOne(`${INSERT} ON CONFLICT DO NOTHING`, ...values);
    else this.#expectOne(`UPDATE entries ${SET} AND version = ?`, ...values, expectation.version);
  }

  protected override async _delete({ path, expectation }: DeleteRequest): Promise<boolean> {
    if (expectation === 'any') return this.#run('DELETE FROM entries WHERE path = ?', path) === 1;
    this.#expectOne('DELETE FROM entries WHERE path = ? AND version = ?', path, expectation.version);
    return true;
  }

  protected override async _commit({ changes }: CommitRequest): Promise<void> {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      this.refuseUnmet(changes);
      for (const change of changes) this.make(change);
      this.database.exec('COMMIT');
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Refuses changes of which not all expectations hold now. */
  protected refuseUnmet(changes: readonly CommitChange[]): void {
    const unmet = changes.filter(({ path, expectation }) => {
      if (expectation === 'any') return false;
      const row = this.database.prepare('SELECT version FROM entries WHERE path = ?').get(path);
      return expectation === 'absent' ? row !== undefined : row?.['version'] !== expectation.version;
    });
    if (unmet.length > 0) throw mismatch(unmet.map(({ path }) => path));
  }

  /** Makes a change, whatever it expects. */
  protected make(change: CommitChange): void {
    if (change.change === 'put') this.#run(REPLACE, ...valuesOf(change));
    if (change.change === 'delete') this.#run('DELETE FROM entries WHERE path = ?', change.path);
  }

  protected override async _scan({ from, below }: PathRange, limit: number): Promise<readonly Snapshot[]> {
    const query = 'SELECT * FROM entries WHERE path >= ? AND path < ? ORDER BY path LIMIT ?';
    return this.database.prepare(query).all(from, below, limit).map(snapshotOf);
  }

  protected override async _close(): Promise<void> {
    this.database.close();
  }

  #run(statement: string, ...values: SQLInputValue[]): number {
    return Number(this.database.prepare(statement).run(...values).changes);
  }

  #expectOne(statement: string, ...values: SQLInputValue[]): void {
    if (this.#run(statement, ...values) !== 1) throw mismatch();
  }
}

function valuesOf({ path, entry, version }: PutRequest): SQLInputValue[] {
  const indexed = entry.indexed === undefined ? null : JSON.stringify(entry.indexed);
  return [version, entry.contentType, entry.kind ?? null, indexed, entry.body, path];
}

function snapshotOf(row: Record<string, unknown>): Snapshot {
  return {
    path: row['path'] as VirtualPath,
    version: row['version'] as Version,
    contentType: row['type'] as string,
    kind: (row['kind'] as string | null) ?? undefined,
    indexed: row['indexed'] === null ? undefined : (JSON.parse(row['indexed'] as string) as IndexedProjection),
    body: new Uint8Array(row['body'] as Uint8Array),
  };
}

/** Checks and writes in two steps, under a lock that other processes know nothing of. */
class LocksItsOwnProcessOnly extends SqliteStore {
  static #tail: Promise<unknown> = Promise.resolve();
  readonly #gapMs: number;

  constructor(input: SqliteInput) {
    super(input);
    this.#gapMs = input.gapMs;
  }

  protected override async _put(request: PutRequest): Promise<void> {
    const turn = LocksItsOwnProcessOnly.#tail.then(async () => {
      const { expectation, path } = request;
      const stored = await super._get(path);
      const holds =
        expectation === 'any' ||
        (expectation === 'absent' ? stored === undefined : stored?.version === expectation.version);
      if (!holds) throw mismatch();
      if (expectation !== 'any' && this.#gapMs > 0) await sleep(this.#gapMs);
      return super._put({ ...request, expectation: 'any' });
    });
    LocksItsOwnProcessOnly.#tail = turn.catch(() => {});
    return turn;
  }
}

/** Acknowledges an unconditional write and does it a little later, or whenever somebody might notice. */
class WritesBehind extends SqliteStore {
  // Of all instances on a file, so that within the process nobody notices.
  static readonly #pendingByFile = new Map<string, (() => Promise<void>)[]>();
  readonly #pending: (() => Promise<void>)[];

  constructor(input: SqliteInput) {
    super(input);
    this.#pending = WritesBehind.#pendingByFile.get(input.file) ?? [];
    WritesBehind.#pendingByFile.set(input.file, this.#pending);
  }

  async #flush(): Promise<void> {
    for (let write = this.#pending.shift(); write !== undefined; write = this.#pending.shift()) await write();
  }

  protected override async _put(request: PutRequest): Promise<void> {
    if (request.expectation === 'any') {
      this.#pending.push(() => super._put(request));
      return;
    }
    await this.#flush();
    return super._put(request);
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    await this.#flush();
    return super._get(path);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    await this.#flush();
    return super._delete(request);
  }

  protected override async _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    await this.#flush();
    return super._scan(range, limit);
  }

  protected override async _close(): Promise<void> {
    await this.#flush();
    return super._close();
  }
}

/** Acknowledges large bodies and writes them when somebody asks for them. */
class WritesLargeBodiesBehind extends SqliteStore {
  static readonly #pendingByFile = new Map<string, Map<string, PutRequest>>();
  readonly #pending: Map<string, PutRequest>;

  constructor(input: SqliteInput) {
    super(input);
    this.#pending = WritesLargeBodiesBehind.#pendingByFile.get(input.file) ?? new Map<string, PutRequest>();
    WritesLargeBodiesBehind.#pendingByFile.set(input.file, this.#pending);
  }

  async #flush(path: string): Promise<void> {
    const request = this.#pending.get(path);
    this.#pending.delete(path);
    if (request !== undefined) await super._put(request);
  }

  async #flushAll(): Promise<void> {
    for (const path of this.#pending.keys()) await this.#flush(path);
  }

  protected override async _put(request: PutRequest): Promise<void> {
    await this.#flush(request.path);
    if (request.expectation !== 'any' || request.entry.body.length < 1024) return super._put(request);
    this.#pending.set(request.path, request);
  }

  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    await this.#flush(path);
    return super._get(path);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    await this.#flush(request.path);
    return super._delete(request);
  }

  protected override async _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    await this.#flushAll();
    return super._scan(range, limit);
  }

  protected override async _close(): Promise<void> {
    await this.#flushAll();
    return super._close();
  }
}

/** Acknowledges a delete by version and does it when somebody asks for the entry, or at the close. */
class DeletesByVersionBehind extends SqliteStore {
  static readonly #pendingByFile = new Map<string, Set<VirtualPath>>();
  readonly #pending: Set<VirtualPath>;

  constructor(input: SqliteInput) {
    super(input);
    this.#pending = DeletesByVersionBehind.#pendingByFile.get(input.file) ?? new Set<VirtualPath>();
    DeletesByVersionBehind.#pendingByFile.set(input.file, this.#pending);
  }

  // Of what is inherited nothing waits, so that all of it is done when it has returned its promise.
  #flush(paths: Iterable<VirtualPath>): void {
    for (const path of paths) if (this.#pending.delete(path)) void super._delete({ path, expectation: 'any' });
  }

  protected override _put(request: PutRequest): Promise<void> {
    this.#flush([request.path]);
    return super._put(request);
  }

  protected override _get(path: VirtualPath): Promise<Snapshot | undefined> {
    this.#flush([path]);
    return super._get(path);
  }

  protected override async _delete(request: DeleteRequest): Promise<boolean> {
    const { path, expectation } = request;
    this.#flush([path]);
    if (expectation === 'any') return super._delete(request);
    const stored = this.database.prepare('SELECT version FROM entries WHERE path = ?').get(path);
    if (stored?.['version'] !== expectation.version) throw mismatch();
    this.#pending.add(path);
    return true;
  }

  protected override _scan(range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    this.#flush(this.#pending);
    return super._scan(range, limit);
  }

  protected override _close(): Promise<void> {
    this.#flush(this.#pending);
    return super._close();
  }
}

/** Numbers its unconditional writes, from 1 on in every process. */
class CountsItsOwnWrites extends SqliteStore {
  static #count = 0;
  readonly #stored = new Map<Version | undefined, Version>();

  override async put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult> {
    const { version } = await super.put(path, entry, expectation, options);
    return { version: this.#stored.get(version) ?? version };
  }

  protected override async _put(request: PutRequest): Promise<void> {
    if (request.expectation !== 'any') return super._put(request);
    CountsItsOwnWrites.#count += 1;
    const version = `version-${CountsItsOwnWrites.#count}` as Version;
    this.#stored.set(request.version, version);
    return super._put({ ...request, version });
  }
}

/** Knows one content type. */
class KnowsOneContentType extends SqliteStore {
  protected override async _get(path: VirtualPath): Promise<Snapshot | undefined> {
    const found = await super._get(path);
    return found && { ...found, contentType: DEFAULT_CONTENT_TYPE };
  }
}

/** Checks and makes commits in two steps, under a lock that other processes know nothing of. */
class LocksCommitsOfItsOwnProcessOnly extends SqliteStore {
  static #tail: Promise<unknown> = Promise.resolve();

  protected override async _commit({ changes }: CommitRequest): Promise<void> {
    const turn = LocksCommitsOfItsOwnProcessOnly.#tail.then(async () => {
      this.refuseUnmet(changes);
      await sleep(5);
      for (const change of changes) this.make(change);
    });
    LocksCommitsOfItsOwnProcessOnly.#tail = turn.catch(() => {});
    return turn;
  }
}

/** Checks all of a commit, and makes its changes one after the other. */
class CommitsChangeByChange extends SqliteStore {
  protected override async _commit({ changes }: CommitRequest): Promise<void> {
    this.refuseUnmet(changes);
    for (const change of changes) {
      this.make(change);
      await sleep(1);
    }
  }
}

/** Opens an instance; this is what child processes call. */
export async function open(input: unknown): Promise<RootFilesystem> {
  const given = input as SqliteInput;
  switch (given.flaw) {
    case 'none':
      return new SqliteStore(given);
    case 'locks its own process only':
      return new LocksItsOwnProcessOnly(given);
    case 'writes behind':
      return new WritesBehind(given);
    case 'writes large bodies behind':
      return new WritesLargeBodiesBehind(given);
    case 'deletes by version behind':
      return new DeletesByVersionBehind(given);
    case 'counts its own writes':
      return new CountsItsOwnWrites(given);
    case 'commits change by change':
      return new CommitsChangeByChange(given);
    case 'locks the commits of its own process only':
      return new LocksCommitsOfItsOwnProcessOnly(given);
    case 'knows one content type':
      return new KnowsOneContentType(given);
  }
}
