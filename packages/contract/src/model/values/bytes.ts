import { createHash } from 'node:crypto';
import fc from 'fast-check';

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, value) => value);

// Around what stores may treat in another way: a page of a disk or a database, what fits a row, what fits a packet.
const LENGTHS = [1, 4095, 4096, 4097, 8192, 65_535, 65_536, 65_537, 262_144];

// What stores may take for something of their own: text with a mark before it, what is packed already, zeros at an end.
const BEGINNINGS = [
  [0xef, 0xbb, 0xbf],
  [0xff, 0xfe],
  [0x1f, 0x8b, 0x08, 0x00],
  [0x7b, 0x7d],
  [0x00, 0x00],
];
const ENDINGS = [[0x00], [0x00, 0x00, 0x00], [0x20, 0x0a], [0x0d, 0x0a]];

const plain: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 10, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  { weight: 2, arbitrary: fc.constant(new Uint8Array(0)) },
  { weight: 1, arbitrary: fc.constant(EVERY_BYTE) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.oneof(
          { weight: 3, arbitrary: fc.constantFrom(...LENGTHS) },
          { weight: 1, arbitrary: fc.integer({ max: 300_000, min: 0 }) },
        ),
        fc.nat(255),
      )
      .map(([length, seed]) => pattern(length, seed)),
  },
);

/** Bodies: empty, a few bytes, every byte there is, and now and then up to 300,000 bytes; some begin or end in a way of their own. */
export const bytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 3, arbitrary: plain },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom([], ...BEGINNINGS), plain, fc.constantFrom([], ...ENDINGS))
      .map((parts) => concatenated(parts)),
  },
);

function concatenated(parts: readonly ArrayLike<number>[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Bytes without a short period, so that a chunk lost, doubled or moved shows. */
function pattern(length: number, seed: number): Uint8Array {
  let state = seed + 1;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return state >>> 16;
  });
}

/** Bytes as text: the first 16 as they are, all of them as a digest. Equal texts mean equal bytes. */
export function describeBytes(value: Uint8Array): string {
  if (value.length <= 16) return `<${Buffer.from(value).toString('hex')}>`;
  return `<${value.length} bytes, sha256 ${createHash('sha256').update(value).digest('hex').slice(0, 16)}>`;
}

/** Overwrites every byte, as a caller may whose buffer it is. */
export function scribble(value: Uint8Array): void {
  for (let index = 0; index < value.length; index += 1) value[index] = (value[index] ?? 0) ^ 0xa5;
}
