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

/** `\x` and two digits for each byte. What is written in another way (`bytea_output = 'escape'`) is left as it is. */
function parseBytes(text: string): unknown {
  return text.startsWith(String.raw`\x`) ? Buffer.from(text.slice(2), 'hex') : text;
}
