import { parseEntry } from '../../src/entries/parse-entry.ts';
import type { EntryInput, Snapshot } from '../../src/entries/entry.ts';
import { joinPath } from '../../src/paths/path-parts.ts';
import { bytes } from './bytes.ts';

/** A stored entry as a codec is given it. */
export function stored(entry: EntryInput): Snapshot {
  return { ...parseEntry(entry), path: joinPath('/', 'record'), version: undefined };
}

/** A stored JSON record of some kind. */
export function storedJson(kind: string, text: string | Uint8Array): Snapshot {
  const body = typeof text === 'string' ? bytes(text) : text;
  return stored({ body, kind, contentType: 'application/json' });
}
