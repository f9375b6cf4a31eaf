import { createCipheriv, createHash, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, Snapshot } from '../../entries/entry.ts';
import { parseEntry } from '../../entries/parse-entry.ts';
import { parsePath, type VirtualPath } from '../../paths/virtual-path.ts';
import { path as anyPath, wellFormed } from '../../../test/support/arbitraries.ts';
import { bytes } from '../../../test/support/bytes.ts';
import { testKey } from '../../../test/support/encrypted.ts';
import { typedThrow } from '../../../test/support/rejection.ts';
import { associatedData } from './associated-data.ts';
import { EntryCipher } from './entry-cipher.ts';
import { KeyRing } from './key-ring.ts';
import { takeApart } from './sealed-body.ts';

const PATH = parsePath('/a/b');
const RECORD = parseEntry({
  body: bytes('secret'),
  kind: 'turn',
  contentType: 'text/plain',
  indexed: { n: 1, s: 'x' },
});

function cipherOf(keys: Record<string, Uint8Array>, currentKey: string): EntryCipher {
  return new EntryCipher(KeyRing.of({ keys, currentKey }));
}

const cipher = cipherOf({ k1: testKey(1) }, 'k1');

function at(path: VirtualPath, entry: Entry): Snapshot {
  return { ...entry, path, version: undefined };
}

function refusal(stored: unknown, path: VirtualPath = PATH, reader: EntryCipher = cipher): unknown {
  const {
    code,
    operation,
    path: named,
    message,
    cause,
    retryable,
  } = typedThrow(() => reader.open('get', path, stored as Snapshot));
  expect({ operation, named, cause, retryable }).toEqual({
    operation: 'get',
    named: path,
    cause: undefined,
    retryable: false,
  });
  expect(message).not.toContain('k1');
  return code;
}

test('each single bit that is flipped in what is stored is noticed', () => {
  for (const body of [bytes('secret'), new Uint8Array(0)]) {
    const sealed = cipher.seal(PATH, { ...RECORD, body });
    for (let bit = 0; bit < sealed.body.length * 8; bit += 1) {
      const flipped = sealed.body.with(bit >> 3, (sealed.body[bit >> 3] as number) ^ (1 << (bit & 7)));
      const inKeyId = bit >> 3 >= 1 && bit >> 3 <= 3;
      const expected = inKeyId ? /^(DECRYPTION_FAILED|KEY_NOT_FOUND)$/ : /^DECRYPTION_FAILED$/;
      expect(refusal(at(PATH, { ...sealed, body: flipped })), `bit ${bit}`).toMatch(expected);
    }
  }
});

test('whatever is cut off from what is stored, at either end, and whatever is added, is noticed', () => {
  const sealed = cipher.seal(PATH, RECORD);
  for (let length = 0; length < sealed.body.length; length += 1) {
    for (const body of [sealed.body.subarray(0, length), sealed.body.subarray(sealed.body.length - length)]) {
      expect(refusal(at(PATH, { ...sealed, body }))).toBe('DECRYPTION_FAILED');
    }
  }
  for (const added of [[0], [0xfa, 1]]) {
    expect(refusal(at(PATH, { ...sealed, body: new Uint8Array([...sealed.body, ...added]) }))).toBe(
      'DECRYPTION_FAILED',
    );
  }
});

test('an entry that was never encrypted is refused, also one that looks like it', () => {
  for (const body of [
    bytes('secret'),
    new Uint8Array(0),
    bytes('{"a":1}'.repeat(20)),
    new Uint8Array(200).fill(0xfa),
  ]) {
    expect(refusal(at(PATH, { ...RECORD, body }))).toBe('DECRYPTION_FAILED');
  }
  const forged = new Uint8Array(100);
  forged.set([0xfa, 2, ...bytes('k1')]);
  expect(refusal(at(PATH, { ...RECORD, body: forged }))).toBe('DECRYPTION_FAILED');
});

test('a body that is swapped with that of another path, kind, content type or index is refused', () => {
  const others: Partial<Entry>[] = [
    { kind: 'turns' },
    { kind: undefined },
    { contentType: 'text/plai' },
    { contentType: 'text/plainn' },
    { indexed: undefined },
    { indexed: {} },
    { indexed: { n: 1 } },
    { indexed: { n: 2, s: 'x' } },
    { indexed: { n: '1', s: 'x' } },
    { indexed: { n: true, s: 'x' } },
    { indexed: { n: 1 + Number.EPSILON, s: 'x' } },
    { indexed: { n: 1, s: 'x', t: null } },
    { indexed: { n: 1, sx: '' } },
  ];
  for (const other of others) {
    const [one, two] = [RECORD, { ...RECORD, ...other }].map((entry) => cipher.seal(PATH, entry)) as [Entry, Entry];
    expect(refusal(at(PATH, { ...one, body: two.body }))).toBe('DECRYPTION_FAILED');
    expect(refusal(at(PATH, { ...two, body: one.body }))).toBe('DECRYPTION_FAILED');
  }
  for (const path of ['/a/c', '/a', '/b/a', '/a/b/c', '/ab'].map(parsePath)) {
    expect(refusal(at(path, cipher.seal(PATH, RECORD)), path)).toBe('DECRYPTION_FAILED');
  }
});

test('the longest path and the longest metadata are bound to their last character', () => {
  const longest = parsePath(`/${'a'.repeat(254)}`.repeat(4).concat('/', 'b'.repeat(3)));
  const indexed = Object.fromEntries(Array.from({ length: 32 }, (_, nth) => [`k${nth}`, 'x'.repeat(1024)]));
  const entry = parseEntry({ ...RECORD, kind: 'k'.repeat(128), contentType: 'c'.repeat(255), indexed });
  const sealed = cipher.seal(longest, entry);
  expect(cipher.open('get', longest, at(longest, sealed))).toEqual(at(longest, entry));
  const other = parsePath(`${longest.slice(0, -1)}c`);
  expect(refusal(at(other, sealed), other)).toBe('DECRYPTION_FAILED');
  const changed = { ...indexed, k31: `${'x'.repeat(1023)}y` };
  expect(refusal(at(longest, { ...sealed, indexed: changed }), longest)).toBe('DECRYPTION_FAILED');
});

test('an index reads the same in another order, and with 0 for -0', () => {
  const named = { ...RECORD, indexed: { z: -0, a: 1, B: 2 } };
  const sealed = cipher.seal(PATH, named);
  const { indexed } = cipher.open('get', PATH, at(PATH, { ...sealed, indexed: { B: 2, a: 1, z: 0 } }));
  expect(indexed).toEqual({ B: 2, a: 1, z: 0 });
});

test('a key that is not in the ring is named as that, and another key of the same id as a failure', () => {
  const sealed = at(PATH, cipher.seal(PATH, RECORD));
  expect(refusal(sealed, PATH, cipherOf({ k2: testKey(1) }, 'k2'))).toBe('KEY_NOT_FOUND');
  expect(refusal(sealed, PATH, cipherOf({ k1: testKey(2) }, 'k1'))).toBe('DECRYPTION_FAILED');
});

test('the same key under another id does not open what is relabelled', () => {
  const sealed = cipher.seal(PATH, RECORD);
  const both = cipherOf({ k1: testKey(1), k2: testKey(1) }, 'k1');
  expect(refusal(at(PATH, { ...sealed, body: sealed.body.with(3, 50) }), PATH, both)).toBe('DECRYPTION_FAILED');
});

test.each<[string, Partial<Record<keyof Snapshot, unknown>>]>([
  ['a body that is none', { body: 'text' }],
  ['no body', { body: undefined }],
  ['a content type that is none', { contentType: undefined }],
  ['a kind that is none', { kind: null }],
  ['an index that is none', { indexed: new Map() }],
  ['an index of other values', { indexed: { n: {} } }],
])('a backend that answers with %s is refused', (_, wrong) => {
  expect(refusal({ ...at(PATH, cipher.seal(PATH, RECORD)), ...wrong })).toBe('DECRYPTION_FAILED');
});

test('a path that is not well-formed does not stand for the one that has its bytes', () => {
  const path = parsePath('/\ufffd');
  const sealed = cipher.seal(path, RECORD);
  const other = '/\ud800' as VirtualPath;
  expect(refusal(at(other, sealed), other)).toBe('DECRYPTION_FAILED');
});

test('the format is the documented one, and another implementation writes it', () => {
  const [salt, nonce] = [new Uint8Array(16).fill(3), new Uint8Array(12).fill(4)];
  const header = new Uint8Array([0xfa, 2, ...bytes('k1'), ...salt]);
  const info = Buffer.concat([
    Buffer.from('holdfast.encryption.aes-256-gcm\0'),
    createHash('sha256').update(PATH).digest(),
  ]);
  const field = (value: string | Uint8Array): Buffer => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.from(value as string).length);
    return Buffer.concat([length, Buffer.from(value as string)]);
  };
  const one = Buffer.alloc(8);
  one.writeDoubleBE(1);
  const associated = Buffer.concat([
    field('holdfast.encryption'),
    field(header),
    field(PATH),
    field('text/plain'),
    Buffer.from([1]),
    field('turn'),
    Buffer.from([1, 2]),
    field('n'),
    Buffer.from([3]),
    one,
    field('s'),
    Buffer.from([4]),
    field('x'),
  ]);
  const other = createCipheriv('aes-256-gcm', Buffer.from(hkdfSync('sha256', testKey(1), salt, info, 32)), nonce);
  other.setAAD(associated);
  const ciphertext = Buffer.concat([other.update(RECORD.body), other.final()]);
  const body = new Uint8Array([...header, ...nonce, ...ciphertext, ...other.getAuthTag()]);
  expect(Buffer.from(associatedData(header, PATH, RECORD))).toEqual(associated);
  expect(cipher.open('get', PATH, at(PATH, { ...RECORD, body })).body).toEqual(RECORD.body);
});

const key = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}$/).filter((it) => it !== '__proto__');
const scalar = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  wellFormed.filter((it) => !it.includes('\0')),
);
const anyEntry = fc
  .record({
    body: fc.uint8Array({ maxLength: 64 }),
    contentType: fc.constantFrom('a', 'text/plain', 'application/json'),
    kind: fc.constantFrom(undefined, 'a', 'turn'),
    indexed: fc.option(fc.dictionary(key, scalar, { maxKeys: 6 }), { nil: undefined }),
  })
  .map((entry) => parseEntry(entry));

test('law: what is sealed is opened, and only where and beside what it was sealed for', () => {
  const withId = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  fc.assert(
    fc.property(withId, anyPath, anyEntry, anyPath, anyEntry, fc.nat(), (id, path, entry, otherPath, other, at_) => {
      const ring = cipherOf({ [id]: testKey(1) }, id);
      const sealed = ring.seal(path, entry);
      expect(sealed.body.length).toBe(entry.body.length + 46 + id.length);
      expect(takeApart(sealed.body)?.keyId).toBe(id);
      expect(ring.open('get', path, at(path, sealed))).toEqual(at(path, entry));
      if (otherPath !== path) refusal(at(otherPath, sealed), otherPath, ring);
      for (const field of ['contentType', 'kind', 'indexed'] as const) {
        const same = JSON.stringify(other[field]) === JSON.stringify(entry[field]);
        if (!same)
          expect(refusal(at(path, { ...sealed, [field]: other[field] }), path, ring)).toBe('DECRYPTION_FAILED');
      }
      const index = at_ % sealed.body.length;
      const changed = sealed.body.with(index, ((sealed.body[index] as number) + 1 + (at_ % 255)) % 256);
      refusal(at(path, { ...sealed, body: changed }), path, ring);
    }),
  );
});

test('law: different metadata have different associated data', () => {
  const header = new Uint8Array(4);
  fc.assert(
    fc.property(anyPath, anyEntry, anyPath, anyEntry, (path, entry, otherPath, other) => {
      const text = (it: VirtualPath, metadata: Entry): string =>
        Buffer.from(associatedData(header, it, metadata)).toString('hex');
      const same =
        path === otherPath && JSON.stringify({ ...entry, body: 0 }) === JSON.stringify({ ...other, body: 0 });
      expect(text(path, entry) === text(otherPath, other)).toBe(same);
    }),
  );
});
