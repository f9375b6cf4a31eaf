import {
  HoldfastError,
  type Child,
  type DirectoryPath,
  type Snapshot,
  type VersionedCapabilities,
  type VirtualPath,
} from '@holdfast/core';
import {
  BaseFilesystem,
  compareCodePoints,
  type CommitRequest,
  type DeleteRequest,
  type ListRequest,
  type OperationContext,
  type PathRange,
  type PutRequest,
  type ScanContext,
  type StorePlace,
} from '@holdfast/core/adapter';
import type { BatchLimits } from './batches/batch-limits.ts';
import { BatchingDriver } from './batches/batching-driver.ts';
import type { SqlDriver } from './driver.ts';
import type { GroupMember, GroupResult, WriteGroup } from './group.ts';
import { deleteMember, memberOf, putMember } from './group-members.ts';
import { canReadTogether, GatheringDriver } from './reads/gathering-driver.ts';
import type { SqlProfile } from './profile.ts';
import { decodeRow, decodeScannedRow } from './rows/row-codec.ts';
import type { Tables } from './schema/tables.ts';
import { decodeChildren } from './statements/list-children.ts';
import { createStatements, type Statements } from './statements/statements.ts';
import { TurnTakingDriver } from './turns/turn-taking-driver.ts';

/** What an adapter makes a {@link SqlFilesystem} of. */
export interface SqlFilesystemParts<C extends VersionedCapabilities> {
  readonly capabilities: C;
  readonly profile: SqlProfile;
  readonly tables: Tables;
  readonly driver: SqlDriver;
  /** The batches in which writes of many callers go to the driver, see {@link BatchingDriver}; left out, each goes by itself. */
  readonly batches?: BatchLimits | undefined;
  /** Names the store, the same for every instance of this process on it; left out where that cannot be known. */
  readonly store?: string | undefined;
}

/**
 * The filesystem over any SQL database that can run one conditional statement atomically. It builds its
 * statements once, when it is made; the adapter's {@link SqlDriver} sends them.
 */
export class SqlFilesystem<C extends VersionedCapabilities = VersionedCapabilities> extends BaseFilesystem<C> {
  readonly #capabilities: C;
  readonly #driver: SqlDriver;
  readonly #statements: Statements;
  readonly #store: string | undefined;

  constructor({ capabilities, profile, tables, driver, batches, store }: SqlFilesystemParts<C>) {
    super();
    this.#capabilities = capabilities;
    const gathering = canReadTogether(driver) ? new GatheringDriver(driver) : driver;
    const batching = batches === undefined ? gathering : new BatchingDriver(gathering, batches);
    this.#driver = new TurnTakingDriver(batching, store);
    this.#statements = createStatements(profile, tables);
    this.#store = store;
    // Nobody waits for a turn: these are reads of no writer, and they go together already.
    if (driver.readMany !== undefined) {
      const readMany = driver.readMany.bind(driver);
      this._getMany = async (paths, context) => {
        const rows = await readMany(this.#statements.get, paths, context);
        return rows.map((row, place) => row && decodeRow(paths[place] as VirtualPath, row));
      };
    }
  }

  protected override _capabilitiesAt(): C {
    return this.#capabilities;
  }

  protected override _place(): StorePlace {
    return this.#store === undefined ? super._place() : { store: `sql\0${this.#store}`, directory: '/' };
  }

  protected override async _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined> {
    const [row] = await this.#driver.read(this.#statements.get.query({ path }), context);
    return row === undefined ? undefined : decodeRow(path, row);
  }

  protected override async _put(request: PutRequest, context: OperationContext): Promise<void> {
    const result = await this.#write([putMember(this.#statements, request)], context);
    if ('unmet' in result)
      throw mismatch(request.expectation === 'absent' ? 'there is an entry' : 'the version differs');
  }

  protected override async _delete(request: DeleteRequest, context: OperationContext): Promise<boolean> {
    const result = await this.#write([deleteMember(this.#statements, request)], context);
    if ('unmet' in result) throw mismatch('the version differs');
    return result.changed[0] === 1;
  }

  protected override async _commit({ changes }: CommitRequest, context: OperationContext): Promise<void> {
    const [first, ...others] = changes.map((change) => memberOf(this.#statements, change));
    if (first === undefined) return;
    const group: WriteGroup = [first, ...others];
    const result = await this.#write(group, context);
    if (!('unmet' in result)) return;
    const paths = result.unmet.map((place) => (group[place] as GroupMember).path);
    throw new HoldfastError('VERSION_MISMATCH', `${paths.length} of ${group.length} expectations do not hold`, {
      paths,
    });
  }

  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const { from, below } = range;
    const { maxBytes } = context;
    const rows = await this.#driver.read(this.#statements.scan.query({ from, below, limit, maxBytes }), context);
    const snapshots = rows.map(decodeScannedRow);
    // What comes next is asked for behind the last row: one out of place would make that endless.
    let before: string | undefined;
    for (const { path } of snapshots) {
      const inRange = compareCodePoints(path, from) >= 0 && compareCodePoints(path, below) < 0;
      if (!inRange || (before !== undefined && compareCodePoints(path, before) <= 0)) throw misplaced();
      before = path;
    }
    return snapshots;
  }

  protected override _mostPageBytes(): number {
    return Infinity;
  }

  protected override async _list(
    directory: DirectoryPath,
    request: ListRequest,
    context: OperationContext,
  ): Promise<readonly Child[]> {
    const rows = await this.#driver.read(this.#statements.list(directory, request), context);
    return decodeChildren(directory, request.after, rows);
  }

  protected override _close(): Promise<void> {
    return this.#driver.close();
  }

  /** Sends a group, and answers what became of it if that is no error. */
  async #write(group: WriteGroup, context: OperationContext): Promise<Exclude<GroupResult, { error: unknown }>> {
    const [result] = await this.#driver.write([group], context);
    if (result === undefined) throw new TypeError('the driver answered no result for a group');
    if ('error' in result) throw result.error;
    return result;
  }
}

function misplaced(): HoldfastError {
  return new HoldfastError('CORRUPT', 'a row is not where its path belongs');
}

function mismatch(found: string): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', `the expectation does not hold: ${found}`);
}
