import { isSegment } from '@holdfast/core/adapter';

const REPLACEMENT = '\ufffd';

/**
 * The segment that a name on disk is, or `undefined` for a name that no path can have: not UTF-8, not in NFC,
 * or with a backslash or a control character.
 */
export function decodeName(raw: Buffer): string | undefined {
  const name = raw.toString('utf8');
  // Decoding puts U+FFFD for what is no UTF-8; a name may also really have one.
  if (name.includes(REPLACEMENT) && !Buffer.from(name, 'utf8').equals(raw)) return undefined;
  return isSegment(name) ? name : undefined;
}
