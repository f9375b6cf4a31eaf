import { HoldfastError, parsePath, type Version } from '@holdfast/core';
import { mintVersion, type OperationContext } from '@holdfast/core/adapter';
import type { BatchLimits } from '../../src/batches/batch-limits.ts';
import type { WriteContext } from '../../src/batches/batch.ts';
import { BatchingDriver } from '../../src/batches/batching-driver.ts';
import type { SqlDriver } from '../../src/driver.ts';
import type { GroupResult, WriteGroup } from '../../src/group.ts';
import { deleteMember, putMember } from '../../src/group-members.ts';
import { nameTables } from '../../src/schema/tables.ts';
import { sqliteProfile } from '../../src/sqlite/sqlite-profile.ts';
import { createStatements } from '../../src/statements/statements.ts';

export const statements = createStatements(sqliteProfile, nameTables({}, sqliteProfile));
export const patient: OperationContext = { signal: new AbortController().signal, remainingMs: () => Infinity };
const ROOMY: BatchLimits = { atOnce: 1, maxGroups: 100, maxChanges: 1000, maxBytes: 1_000_000 };
export const landed: GroupResult = { changed: [1] };

type Expected = 'absent' | 'any' | { readonly version: Version };

export function put(path: string, expectation: Expected = 'any', bytes = 1, version = mintVersion()) {
  const entry = { kind: undefined, contentType: 'a/b', indexed: undefined, body: new Uint8Array(bytes) };
  return putMember(statements, { path: parsePath(path), entry, expectation, version });
}

export function remove(path: string, version = mintVersion()) {
  return deleteMember(statements, { path: parsePath(path), expectation: { version } });
}

/** A batch that was sent, and ends when it is told to. */
export interface Sent {
  readonly paths: string;
  readonly context: WriteContext;
  readonly end: PromiseWithResolvers<readonly GroupResult[]>;
}

const pathsOf = (groups: readonly WriteGroup[]): string =>
  groups.map((group) => group.map(({ path }) => path).join('+')).join(' ');

export function open(limits: Partial<BatchLimits> = {}) {
  const sent: Sent[] = [];
  const inner: SqlDriver = {
    read: async () => [],
    write: (groups, context) => {
      const end = Promise.withResolvers<readonly GroupResult[]>();
      sent.push({ paths: pathsOf(groups), context, end });
      return end.promise;
    },
    close: async () => {},
  };
  const driver = new BatchingDriver(inner, { ...ROOMY, ...limits });
  const write = async (group: WriteGroup, context: OperationContext = patient): Promise<GroupResult> =>
    (await driver.write([group], context))[0] as GroupResult;
  /** Ends the last batch, each of whose groups has landed. */
  const land = async (batch = sent.at(-1) as Sent): Promise<void> => {
    batch.end.resolve(batch.paths.split(' ').map((paths) => ({ changed: paths.split('+').map(() => 1) })));
    await turns();
  };
  return { driver, sent, write, land, paths: () => sent.map(({ paths }) => paths) };
}

/** The turn after which batches go out, and what they set off. */
export async function turns(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** One who can give up. */
export function impatient(remainingMs = Infinity) {
  const abort = new AbortController();
  const reason = new HoldfastError('ABORTED', 'the caller aborted', { outcome: 'not-applied' });
  return { signal: abort.signal, remainingMs: () => remainingMs, giveUp: () => abort.abort(reason), reason };
}
