import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { HoldfastError, type Snapshot, type VersionedCapabilities, type VirtualPath } from '@holdfast/core';
import {
  BaseFilesystem,
  type DeleteRequest,
  type OperationContext,
  type PathRange,
  type PutRequest,
  type ScanContext,
} from '@holdfast/core/adapter';
import { CAPABILITIES } from './capabilities.ts';
import { snapshotOf, valuesOf } from './row.ts';
import { Statements } from './statements.ts';
import { whileBusy } from './while-busy.ts';

/** A store that is open. What callers hand in has been checked, and is allowed by the capabilities, when it gets here. */
export class MyStoreFilesystem extends BaseFilesystem<VersionedCapabilities> {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    super();
    this.#database = database;
    this.#statements = new Statements(database);
  }

  protected override _capabilitiesAt(): VersionedCapabilities {
    return CAPABILITIES;
  }

  protected override async _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined> {
    const row = await whileBusy(context, () => this.#statements.get.get(path));
    return row === undefined ? undefined : snapshotOf(row);
  }

  /** `'any'` always changes one row. */
  protected override async _put(request: PutRequest, context: OperationContext): Promise<void> {
    const { put } = this.#statements;
    const { expectation } = request;
    const changed =
      typeof expectation === 'string'
        ? await this.#change(put[expectation], valuesOf(request), context)
        : await this.#change(put.version, [...valuesOf(request), expectation.version], context);
    if (!changed) throw mismatch();
  }

  protected override async _delete({ path, expectation }: DeleteRequest, context: OperationContext): Promise<boolean> {
    const statements = this.#statements.delete;
    if (expectation === 'any') return await this.#change(statements.any, [path], context);
    const changed = await this.#change(statements.version, [path, expectation.version], context);
    if (!changed) throw mismatch();
    return true;
  }

  /** One statement, so that a page is what was there at one moment. It ends early where its bodies are long enough. */
  protected override async _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    const { scan, scanWithoutBodies } = this.#statements;
    const rows = context.bodies ? scan : scanWithoutBodies;
    return await whileBusy(context, () => {
      const page: Snapshot[] = [];
      let bytes = 0;
      for (const row of rows.iterate(range.from, range.below, limit)) {
        const snapshot = snapshotOf(row);
        page.push(snapshot);
        bytes += snapshot.body.byteLength;
        if (bytes >= context.maxBytes) break;
      }
      return page;
    });
  }

  /** Without this, `_scan` would be asked for pages that are short enough where every body is as long as may be. */
  protected override _mostPageBytes(): number {
    return Infinity;
  }

  protected override async _close(): Promise<void> {
    this.#database.close();
  }

  async #change(statement: StatementSync, values: SQLInputValue[], context: OperationContext): Promise<boolean> {
    const { changes } = await whileBusy(context, () => statement.run(...values));
    return changes !== 0;
  }
}

function mismatch(): HoldfastError {
  return new HoldfastError('VERSION_MISMATCH', 'the expectation does not hold');
}
