import { parsePath, type Version } from '@holdfast/core';
import { mintVersion, type DeleteRequest, type OperationContext, type PutRequest } from '@holdfast/core/adapter';

/** What became of a group of writes. */
export type GroupAnswer =
  | { readonly changed: readonly number[] }
  | { readonly unmet: readonly number[] }
  | { readonly error: Error };

/** What a {@link GroupPort} is made of: a driver of the SQL adapters, its statements, and what makes members of them. */
export interface GroupPortParts<S, M, Q> {
  readonly driver: {
    write(groups: readonly (readonly [M, ...M[]])[], context: OperationContext): Promise<readonly GroupAnswer[]>;
    read(query: Q, context: OperationContext): Promise<readonly Readonly<Record<string, unknown>>[]>;
    close(): Promise<void>;
  };
  readonly statements: S & { readonly get: { query(values: { readonly path: string }): Q } };
  putMember(statements: S, request: PutRequest): M;
  deleteMember(statements: S, request: DeleteRequest): M;
  checkMember(statements: S, path: string, expectation: 'absent' | { readonly version: Version }): M;
}

/** What is expected of a path: that nothing is there, anything, or a version. */
export type Expected = 'absent' | 'any' | Version;

/** The members of a group, made by paths and versions. */
interface Members<M> {
  put(path: string, expected: Expected, entry?: Partial<PutRequest['entry']>): M;
  delete(path: string, expected: Exclude<Expected, 'absent'>): M;
  check(path: string, expected: Exclude<Expected, 'any'>): M;
}

/** A driver of the SQL adapters, as tests of groups use it. */
export class GroupPort<M = unknown> implements Members<M> {
  readonly #parts: GroupPortParts<unknown, M, unknown>;
  readonly #context: OperationContext;

  constructor(parts: GroupPortParts<unknown, M, unknown>, context: OperationContext) {
    this.#parts = parts;
    this.#context = context;
  }

  put(path: string, expected: Expected, entry: Partial<PutRequest['entry']> = {}): M {
    const whole = { contentType: 'a/b', body: new Uint8Array([1]), kind: undefined, indexed: undefined, ...entry };
    const request = {
      path: parsePath(path),
      entry: whole,
      expectation: expectationOf(expected),
      version: mintVersion(),
    };
    return this.#parts.putMember(this.#parts.statements, request);
  }

  delete(path: string, expected: Exclude<Expected, 'absent'>): M {
    const request = { path: parsePath(path), expectation: expectationOf(expected) };
    return this.#parts.deleteMember(this.#parts.statements, request as DeleteRequest);
  }

  check(path: string, expected: Exclude<Expected, 'any'>): M {
    const expectation = expected === 'absent' ? 'absent' : { version: expected };
    return this.#parts.checkMember(this.#parts.statements, path, expectation);
  }

  /** Sends groups together. */
  writeAll(...groups: readonly (readonly [M, ...M[]])[]): Promise<readonly GroupAnswer[]> {
    return this.#parts.driver.write(groups, this.#context);
  }

  /** Sends one group, and answers what became of it. Throws where that is an error. */
  async write(...group: readonly [M, ...M[]]): Promise<GroupAnswer> {
    const [answer] = await this.writeAll(group);
    if (answer === undefined) throw new Error('there is no answer');
    if ('error' in answer) throw answer.error;
    return answer;
  }

  /** Whether a group has landed. */
  async lands(...group: readonly [M, ...M[]]): Promise<boolean> {
    return 'changed' in (await this.write(...group));
  }

  /** What is at a path, as the database gives it. */
  async row(path: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { driver, statements } = this.#parts;
    const [row] = await driver.read(statements.get.query({ path }), this.#context);
    return row;
  }

  /** The version at a path. */
  async version(path: string): Promise<Version | undefined> {
    const version = (await this.row(path))?.['version'];
    if (version === undefined) return undefined;
    return (typeof version === 'string' ? version : new TextDecoder().decode(version as ArrayBuffer)) as Version;
  }

  close(): Promise<void> {
    return this.#parts.driver.close();
  }
}

function expectationOf(expected: Expected): 'absent' | 'any' | { readonly version: Version } {
  if (expected === 'absent') return 'absent';
  return expected === 'any' ? 'any' : { version: expected };
}
