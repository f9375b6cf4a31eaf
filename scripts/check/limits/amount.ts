/** How many of the base unit (milliseconds, bytes, one) a unit of the table is. */
const UNITS: Readonly<Record<string, { readonly factor: number; readonly of?: 'time' | 'bytes' }>> = {
  ms: { factor: 1, of: 'time' },
  s: { factor: 1000, of: 'time' },
  min: { factor: 60_000, of: 'time' },
  h: { factor: 3_600_000, of: 'time' },
  bytes: { factor: 1, of: 'bytes' },
  KiB: { factor: 1024, of: 'bytes' },
  MiB: { factor: 1024 ** 2, of: 'bytes' },
  '%': { factor: 0.01 },
};

/** A number with its unit, in milliseconds, bytes or ones. */
export interface Amount {
  readonly value: number;
  /** What its unit is one of; `undefined` for numbers of things. */
  readonly of: 'time' | 'bytes' | undefined;
}

/** Reads `15 s`, `16 MiB`, `1,000 calls`, `80 %`, `256`. `undefined` when there is no number at the beginning. */
export function parseAmount(text: string): Amount | undefined {
  const found = /^(?<number>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?: (?<unit>[^\s,;(]+))?/.exec(text)?.groups;
  if (found === undefined) return undefined;
  const { factor, of } = UNITS[found['unit'] ?? ''] ?? { factor: 1 };
  return { value: Number(found['number']?.replaceAll(',', '')) * factor, of };
}

/** What a constant counts, by the end of its name. */
export function unitOf(name: string): Amount['of'] {
  if (/(?:_MS|Ms)$/.test(name)) return 'time';
  return /(?:BYTES|Bytes)$/.test(name) ? 'bytes' : undefined;
}
