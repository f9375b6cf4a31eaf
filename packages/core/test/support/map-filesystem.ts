import type { Capabilities } from '../../src/capabilities/capabilities.ts';
import { defineCapabilities } from '../../src/capabilities/define-capabilities.ts';
import type { Snapshot } from '../../src/entries/entry.ts';
import { HoldfastError } from '../../src/errors/holdfast-error.ts';
import { BaseFilesystem } from '../../src/filesystem/base-filesystem.ts';
import type { OperationContext } from '../../src/filesystem/operation-context.ts';
import type { DeleteRequest } from '../../src/operations/delete/delete-request.ts';
import type { PutRequest } from '../../src/operations/put/put-request.ts';
import type { ScanContext } from '../../src/filesystem/scan-context.ts';
import { compareCodePoints } from '../../src/paths/code-points.ts';
import type { PathRange } from '../../src/paths/path-range.ts';
import type { VirtualPath } from '../../src/paths/virtual-path.ts';

/** The capabilities of a backend that can do everything. */
export const EVERYTHING: Capabilities = defineCapabilities({
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1000,
  planes: [],
});

/** The capabilities of a backend that stores bytes. */
export const BYTES_ONLY: Capabilities = defineCapabilities({
  cas: 'create-only',
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
  paths: 'tree',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1000,
  planes: [],
});

/** One call that reached the backend. */
export type BackendCall = '_get' | '_put' | '_delete' | '_commit' | '_scan' | '_close';

/** What goes wrong around a call; it throws, waits, or changes something. */
export type Fault = (context: OperationContext, nth: number, path: string) => unknown;

/** The simplest adapter there can be, which records its calls and fails to order. */
export class MapFilesystem extends BaseFilesystem {
  readonly stored: Map<string, Snapshot> = new Map();
  readonly calls: BackendCall[] = [];
  readonly contexts: OperationContext[] = [];
  readonly #before: Partial<Record<BackendCall, Fault>> = {};
  readonly #after: Partial<Record<BackendCall, Fault>> = {};
  claims: unknown;

  constructor(claims: unknown = EVERYTHING) {
    super();
    this.claims = claims;
  }

  /** Runs a fault before every call of one sort takes effect. */
  before(call: BackendCall, fault: Fault): void {
    this.#before[call] = fault;
  }

  /** Runs a fault after every call of one sort took effect, and before its answer. */
  after(call: BackendCall, fault: Fault): void {
    this.#after[call] = fault;
  }

  /** Takes the faults away. */
  heal(): void {
    for (const faults of [this.#before, this.#after]) {
      for (const call of Object.keys(faults) as BackendCall[]) delete faults[call];
    }
  }

  /** How many calls of one sort there were. */
  count(call: BackendCall): number {
    return this.calls.filter((it) => it === call).length;
  }

  protected override _capabilitiesAt(): Capabilities {
    return this.claims as Capabilities;
  }

  protected override _get(path: VirtualPath, context: OperationContext): Promise<Snapshot | undefined> {
    return this._around('_get', path, context, () => {
      const stored = this.stored.get(path);
      return context.borrows ? stored : copy(stored);
    });
  }

  protected override _put({ path, entry, expectation, version }: PutRequest, context: OperationContext): Promise<void> {
    return this._around('_put', path, context, () => {
      this.#expect(path, expectation);
      const { cas } = this.claims as Capabilities;
      this.stored.set(path, { ...entry, path, version: cas === 'versioned' ? version : undefined });
    });
  }

  protected override _delete({ path, expectation }: DeleteRequest, context: OperationContext): Promise<boolean> {
    return this._around('_delete', path, context, () => {
      this.#expect(path, expectation);
      return this.stored.delete(path);
    });
  }

  protected override _scan(range: PathRange, limit: number, context: ScanContext): Promise<readonly Snapshot[]> {
    return this._around('_scan', range.from, context, () => {
      const inRange = [...this.stored.keys()].filter(
        (path) => compareCodePoints(path, range.from) >= 0 && compareCodePoints(path, range.below) < 0,
      );
      return inRange
        .toSorted(compareCodePoints)
        .slice(0, limit)
        .map((path) => copy(this.stored.get(path)) as Snapshot);
    });
  }

  protected override async _close(): Promise<void> {
    this.calls.push('_close');
    await this.#before['_close']?.({} as OperationContext, this.count('_close'), '/');
  }

  /** Does something as one of its calls. */
  protected async _around<T>(call: BackendCall, path: string, context: OperationContext, effect: () => T): Promise<T> {
    this.calls.push(call);
    this.contexts.push(context);
    const nth = this.count(call);
    // Awaited only when there is one, so that without faults a call takes effect at once.
    const before = this.#before[call];
    if (before !== undefined) await before(context, nth, path);
    const answer = effect();
    const after = this.#after[call];
    if (after !== undefined) await after(context, nth, path);
    return answer;
  }

  protected _holds(path: string, expectation: PutRequest['expectation']): boolean {
    if (expectation === 'any') return true;
    const found = this.stored.get(path);
    return expectation === 'absent' ? found === undefined : found?.version === expectation.version;
  }

  #expect(path: string, expectation: PutRequest['expectation']): void {
    if (!this._holds(path, expectation)) throw new HoldfastError('VERSION_MISMATCH', 'the expectation does not hold');
  }
}

function copy(snapshot: Snapshot | undefined): Snapshot | undefined {
  return snapshot && { ...snapshot, body: new Uint8Array(snapshot.body) };
}
