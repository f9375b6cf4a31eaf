import { isUint8Array } from '@holdfast/core/adapter';
import type { LocksToLookAt, SqlQuery, SqlValue, WriteGroup } from '@holdfast/sql';
import type { SentBatch, SentMember, SentQuery } from './thread-messages.ts';

/** A batch, as it is sent to a thread. */
export interface BatchToSend {
  readonly batch: SentBatch;
  /** The memory that goes over to the thread: nobody else's. */
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * Puts groups into the form in which they are sent. All bodies are copied into one piece of memory, which goes over as it is:
 * nobody else's is taken away, also not to be sent again, and none is copied twice.
 */
export function batchToSend(groups: readonly WriteGroup[], locks: LocksToLookAt | undefined): BatchToSend {
  const numbers = new Map<string, number>();
  const bodies = new Bodies(groups);
  const sentQuery = ({ statement: { text }, values }: SqlQuery): SentQuery => {
    let number = numbers.get(text);
    if (number === undefined) numbers.set(text, (number = numbers.size));
    return [number, ...values.map((value) => bodies.sent(value))];
  };
  const sentGroups = groups.map((group) =>
    group.map((member): SentMember => [
      member.change,
      member.change === 'check' ? null : sentQuery(member.query),
      member.expects === undefined ? null : sentQuery(member.expects.query),
      member.expects?.version ?? null,
    ]),
  );
  const batch = { locks, statements: [...numbers.keys()], groups: sentGroups };
  return { batch, transfer: bodies.memory.byteLength > 0 ? [bodies.memory] : [] };
}

/** The bodies of a batch, one behind the other. */
class Bodies {
  readonly memory: ArrayBuffer;
  #end = 0;

  constructor(groups: readonly WriteGroup[]) {
    let bytes = 0;
    for (const group of groups) {
      for (const member of group) if (member.change !== 'check') bytes += bytesOf(member.query.values);
    }
    this.memory = new ArrayBuffer(bytes);
  }

  sent(value: SqlValue): SqlValue {
    if (!isUint8Array(value)) return value;
    const copy = new Uint8Array(this.memory, this.#end, value.byteLength);
    copy.set(value);
    this.#end += value.byteLength;
    return copy;
  }
}

function bytesOf(values: readonly SqlValue[]): number {
  let bytes = 0;
  for (const value of values) if (isUint8Array(value)) bytes += value.byteLength;
  return bytes;
}
