import { HoldfastError } from '../../src/errors/holdfast-error.ts';
import type { EntryInput, Snapshot } from '../../src/entries/entry.ts';
import type { CasExpectation, DeleteExpectation } from '../../src/expectations/cas-expectation.ts';
import type { OperationOptions } from '../../src/filesystem/operation-options.ts';
import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';
import { EVERYTHING } from './map-filesystem.ts';

/** One call that casUpdate made. */
export interface PlainCall {
  readonly method: 'get' | 'put' | 'delete';
  readonly expectation?: CasExpectation;
  readonly options: OperationOptions | undefined;
}

/**
 * A filesystem of a stranger, for one record: it has the methods that casUpdate uses, ignores signals and
 * timeouts, and shares no code with ours.
 */
export class PlainFilesystem {
  current: Snapshot | undefined;
  readonly calls: PlainCall[] = [];
  #written = 0;
  /** Runs before a call takes effect. */
  before: (call: PlainCall, nth: number) => unknown = () => {};
  /** Runs after a call took effect, before its answer. */
  after: (call: PlainCall, nth: number) => unknown = () => {};

  capabilitiesAt(): typeof EVERYTHING {
    return EVERYTHING;
  }

  get(_path: string, options?: OperationOptions): Promise<Snapshot | undefined> {
    return this.#around({ method: 'get', options }, () => this.current && { ...this.current });
  }

  put(path: string, entry: EntryInput, expectation: CasExpectation, options?: OperationOptions): Promise<object> {
    return this.#around({ method: 'put', expectation, options }, () => {
      this.#expect(expectation);
      this.#written += 1;
      const { body, contentType = '', kind, indexed } = entry;
      const version = `v${this.#written}` as Snapshot['version'];
      this.current = {
        path: path as Snapshot['path'],
        body: new Uint8Array(body),
        contentType,
        kind,
        indexed,
        version,
      };
      return { version };
    });
  }

  delete(_path: string, expectation: DeleteExpectation, options?: OperationOptions): Promise<object> {
    return this.#around({ method: 'delete', expectation, options }, () => {
      this.#expect(expectation);
      this.current = undefined;
      return { deleted: true };
    });
  }

  /** As casUpdate takes it. */
  get asRoot(): RootFilesystem {
    return this as unknown as RootFilesystem;
  }

  /** Which methods were called, in order. */
  get methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  /** How many calls of one method there were. */
  count(method: PlainCall['method']): number {
    return this.methods.filter((it) => it === method).length;
  }

  async #around<T>(call: PlainCall, effect: () => T): Promise<T> {
    this.calls.push(call);
    const nth = this.count(call.method);
    await this.before(call, nth);
    const answer = effect();
    await this.after(call, nth);
    return answer;
  }

  #expect(expectation: CasExpectation): void {
    if (expectation === 'any') throw new Error('casUpdate must never write unconditionally');
    const holds = expectation === 'absent' ? this.current === undefined : this.current?.version === expectation.version;
    if (!holds) throw new HoldfastError('VERSION_MISMATCH', 'mismatch', { operation: 'put', path: '/a' });
  }
}
