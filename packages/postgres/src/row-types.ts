import { HoldfastError } from '@holdfast/core';
import type { CustomTypesConfig } from 'pg';

type Parser = (text: string) => unknown;

const BYTEA = 17;
const INT4 = 23;

/**
 * How the driver reads the columns of our statements. Its own parsers can be replaced by anybody in the process,
 * for all connections at once.
 */
export const ROW_TYPES: CustomTypesConfig = {
  getTypeParser: ((type: number): Parser => {
    if (type === BYTEA) return parseBytes;
    return type === INT4 ? Number : (text) => text;
  }) as CustomTypesConfig['getTypeParser'],
};

/** `\x` and two digits for each byte: how a connection writes bytes unless its `bytea_output` was changed. */
function parseBytes(text: string): Buffer {
  if (text.startsWith(String.raw`\x`)) return Buffer.from(text.slice(2), 'hex');
  throw new HoldfastError('UNSUPPORTED', "the setting bytea_output of the connection is not 'hex'");
}
