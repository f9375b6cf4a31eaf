// A mark of the byte order is a character like any other here.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of a column that was read with `readText` of the profile: of bytes that are UTF-8 what they stand for,
 * of others `undefined`. A string stays as it is, and so does `null`; anything else is no text.
 */
export function decodeText(value: unknown): unknown {
  if (typeof value === 'string' || value === null) return value;
  if (value === undefined) return undefined;
  try {
    return decoder.decode(value as Uint8Array);
  } catch {
    return undefined;
  }
}
