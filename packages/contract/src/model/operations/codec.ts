import type { RecordCodec } from '@holdfast/core';
import { copyOf, scribbleOver } from '../values/entries.ts';
import type { Value } from '../values/decisions.ts';

/** What a codec fails at: it throws, or gives what is no entry. */
export type CodecFault = 'decode' | 'encode' | 'encode to an entry' | undefined;

/**
 * A codec whose values are the entries themselves. It scribbles over what it is given to decode, as a codec may that
 * works in place. `own` is what it throws where it is to fail.
 */
export function codecOf(fault: CodecFault, own: Error): RecordCodec<Value> {
  return {
    encode(value) {
      if (fault === 'encode') throw own;
      return fault === 'encode to an entry' ? { body: value.body, kind: 'not a kind' } : value;
    },
    decode({ body, contentType, kind, indexed }) {
      if (fault === 'decode') throw own;
      const stored = { body, contentType, kind, indexed };
      const value = copyOf(stored);
      scribbleOver(stored);
      return value;
    },
  };
}
