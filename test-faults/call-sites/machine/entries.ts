import { jsonCodec, type RecordCodec, type Snapshot } from '@holdfast/core';

/** The codec of the records of trials. */
export const codec: RecordCodec<string> = jsonCodec<string>({ kind: 'text' });

/** What an entry of a trial is: a record where those are taken. */
export function entryOf(text: string, isVersioned: boolean) {
  const body = new TextEncoder().encode(JSON.stringify(text));
  return isVersioned ? { body, kind: 'text', contentType: 'application/json' } : { body };
}

/** The text of such an entry. */
export function textOf(snapshot: Pick<Snapshot, 'body'> | undefined): string | undefined {
  return snapshot && (JSON.parse(new TextDecoder().decode(snapshot.body)) as string);
}
