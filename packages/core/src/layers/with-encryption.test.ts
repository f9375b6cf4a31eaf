import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { EntryInput, Snapshot } from '../entries/entry.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { bytes, textOf } from '../../test/support/bytes.ts';
import { collect, encrypted, ROOMY, tamper, testKey } from '../../test/support/encrypted.ts';
import { JUNK, THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING, MapFilesystem } from '../../test/support/map-filesystem.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { ENCRYPTION_OVERHEAD_BYTES } from './encryption/sealed-body.ts';
import { withEncryption } from './with-encryption.ts';
import { withPrefix } from './with-prefix.ts';

const SECRET = 'the plain text of a body';

async function readAll(filesystem: RootFilesystem, prefix = '/') {
  return collect(filesystem.entries(prefix));
}

test.each<[string, EntryInput]>([
  ['a file', { body: bytes(SECRET) }],
  ['an empty body', { body: new Uint8Array(0) }],
  ['a content type', { body: bytes(SECRET), contentType: 'text/plain' }],
  ['a record', { body: bytes(SECRET), kind: 'turn', contentType: 'application/json' }],
  ['an index', { body: bytes(SECRET), kind: 'turn', indexed: { n: -0, s: 'ä😀', b: true, x: null, f: 0.1 + 0.2 } }],
  ['an empty index', { body: bytes(SECRET), kind: 'turn', indexed: {} }],
])('%s comes back from get and entries as it comes back without encryption', async (_, entry) => {
  const { stored, filesystem } = encrypted();
  const plain = new MapFilesystem(ROOMY);
  const { version } = await filesystem.put('/a/b', entry, 'absent');
  await plain.put('/a/b', entry, 'absent');
  const expected = { ...(await plain.get('/a/b')), version };
  expect(await filesystem.get('/a/b')).toEqual(expected);
  expect(await readAll(filesystem)).toEqual([expected]);
  const { body, ...metadata } = stored.stored.get('/a/b') ?? expect.fail('nothing stored');
  expect({ ...metadata, body: expected.body }).toEqual(expected);
  expect(Buffer.from(body).includes(SECRET)).toBe(false);
  expect(body.length).toBe(entry.body.length + 46 + 'k1'.length);
});

test('a body that is read is a plain array of its own, whose change changes nothing', async () => {
  const { filesystem } = encrypted();
  await filesystem.put('/a', { body: bytes(SECRET) }, 'any');
  for (const read of [async () => filesystem.get('/a'), async () => (await readAll(filesystem))[0]]) {
    const body = (await read())?.body ?? expect.fail('nothing there');
    expect(body.constructor).toBe(Uint8Array);
    expect(body.buffer.byteLength).toBe(body.length);
    body.fill(0);
    expect(textOf(await read())).toBe(SECRET);
  }
});

test('equal entries are stored differently each time', async () => {
  const { stored, filesystem } = encrypted();
  const seen = new Set<string>();
  for (let round = 0; round < 100; round += 1) {
    await filesystem.put('/a', { body: bytes(SECRET) }, 'any');
    seen.add(Buffer.from(stored.stored.get('/a')?.body.subarray(4) ?? []).toString('hex'));
  }
  expect(seen.size).toBe(100);
});

test('a buffer that is changed right after the call of put changes nothing', async () => {
  const { filesystem } = encrypted();
  const entry = { body: bytes(SECRET), kind: 'turn', indexed: { n: 1 } };
  const written = filesystem.put('/a', entry, 'any');
  entry.body.fill(0);
  entry.indexed.n = 2;
  await written;
  expect(await filesystem.get('/a')).toMatchObject({ body: bytes(SECRET), indexed: { n: 1 } });
});

test('keys that are wiped after the construction still encrypt and decrypt', async () => {
  const key = testKey(1);
  const keys: Record<string, Uint8Array> = { k1: key };
  const stored = new MapFilesystem();
  const filesystem = withEncryption(stored, { keys, currentKey: 'k1' });
  key.fill(0);
  delete keys['k1'];
  await filesystem.put('/a', { body: bytes(SECRET) }, 'any');
  expect(textOf(await encrypted(stored).filesystem.get('/a'))).toBe(SECRET);
});

test('casUpdate writes what changed, and skips what did not', async () => {
  const { stored, filesystem } = encrypted();
  const codec = jsonCodec<{ n: number }>({ kind: 'counter', index: ({ n }) => ({ n }) });
  const add = (by: number) =>
    casUpdate(filesystem, '/c', codec, (current) => CasApply.write({ n: (current?.n ?? 0) + by }));
  expect(await add(1)).toMatchObject({ snapshot: { n: 1 }, written: true });
  const before = stored.stored.get('/c');
  expect(await add(0)).toMatchObject({ snapshot: { n: 1 }, written: false });
  expect(stored.stored.get('/c')).toBe(before);
  expect(await add(2)).toMatchObject({ snapshot: { n: 3 }, written: true });
});

test('a filesystem that stores only bytes can be encrypted', async () => {
  const { stored, filesystem } = encrypted(new MapFilesystem(BYTES_ONLY));
  await filesystem.put('/a', { body: bytes(SECRET) }, 'absent');
  expect(textOf(await filesystem.get('/a'))).toBe(SECRET);
  expect(textOf(stored.stored.get('/a'))).not.toContain(SECRET);
  const refused = await typedRejection(filesystem.put('/b', { body: bytes(SECRET), kind: 'turn' }, 'absent'));
  expect(refused).toMatchObject({ code: 'UNSUPPORTED', capability: 'records', operation: 'put', path: '/b' });
});

test('list and delete work as they do without encryption', async () => {
  const { filesystem } = encrypted();
  const { version } = await filesystem.put('/a/b', { body: bytes(SECRET) }, 'absent');
  await filesystem.put('/a/c', { body: bytes(SECRET) }, 'absent');
  expect((await filesystem.list('/a', { limit: 1 })).next).toBe('b');
  expect(await filesystem.delete('/a/b', { version: version ?? '' })).toEqual({ deleted: true });
  expect(await filesystem.get('/a/b')).toBe(undefined);
});

test('entries passes its options on, and asks for no page before its time', async () => {
  const { stored, filesystem } = encrypted();
  for (const name of ['a', 'b', 'c', 'd']) await filesystem.put(`/${name}`, { body: bytes(name) }, 'any');
  const iterator = filesystem.entries('/', { after: '/a', pageSize: 2 });
  expect(await iterator.next()).toMatchObject({ value: { body: bytes('b') } });
  expect(stored.count('_scan')).toBe(1);
  expect((await collect(iterator)).map(textOf)).toEqual(['c', 'd']);
});

test('what was swapped or changed in the store is refused by get and entries, with the path of the entry', async () => {
  const { stored, filesystem } = encrypted();
  for (const [path, kind] of [
    ['/d/a', 'turn'],
    ['/d/b', 'turn'],
    ['/d/c', undefined],
  ] as const) {
    await filesystem.put(path, { body: bytes(path), kind }, 'any');
  }
  const [a, b, c] = ['/d/a', '/d/b', '/d/c'].map((path) => stored.stored.get(path)?.body);
  for (const [path, changes] of [
    ['/d/a', { body: b }],
    ['/d/a', { body: c }],
    ['/d/a', { kind: undefined }],
    ['/d/a', { kind: 'run' }],
    ['/d/a', { contentType: 'text/plain' }],
    ['/d/b', { indexed: { n: 1 } }],
    ['/d/c', { body: a, kind: 'turn' }],
  ] as const) {
    const before = stored.stored.get(path);
    tamper(stored, path, changes);
    expect(await typedRejection(filesystem.get(path))).toMatchObject({
      code: 'DECRYPTION_FAILED',
      operation: 'get',
      path,
      retryable: false,
      outcome: undefined,
    });
    const entries = filesystem.entries('/d');
    expect(await typedRejection(collect(entries))).toMatchObject({
      code: 'DECRYPTION_FAILED',
      operation: 'entries',
      path,
    });
    tamper(stored, path, before ?? {});
    expect((await readAll(filesystem, '/d')).map(textOf)).toEqual(['/d/a', '/d/b', '/d/c']);
  }
});

test('an iteration that is closed before it comes to an entry that was changed ends with the close', async () => {
  const { stored, filesystem } = encrypted();
  for (const path of ['/a', '/b', '/c']) await filesystem.put(path, { body: bytes('x') }, 'any');
  tamper(stored, '/c', { body: bytes('x') });
  const entries = filesystem.entries('/');
  expect(await entries.next()).toMatchObject({ value: { path: '/a' } });
  await filesystem.close();
  expect(await typedRejection(entries.next())).toMatchObject({ code: 'CLOSED', operation: 'entries' });
});

test('a casUpdate of a record that was changed in the store is refused and writes nothing', async () => {
  const { stored, filesystem } = encrypted();
  const codec = jsonCodec<number>({ kind: 'n' });
  await casUpdate(filesystem, '/n', codec, () => CasApply.write(1));
  tamper(stored, '/n', { contentType: 'text/plain' });
  const puts = stored.count('_put');
  expect(await typedRejection(casUpdate(filesystem, '/n', codec, () => CasApply.write(2)))).toMatchObject({
    code: 'DECRYPTION_FAILED',
    operation: 'casUpdate',
    path: '/n',
    outcome: 'not-applied',
  });
  expect(stored.count('_put')).toBe(puts);
});

test('what was written below one prefix is read below another, if the prefix is added below the encryption', async () => {
  const stored = new MapFilesystem(ROOMY);
  await encrypted(withPrefix(stored, '/one')).filesystem.put('/a', { body: bytes(SECRET) }, 'any');
  stored.stored.set('/two/a', { ...(stored.stored.get('/one/a') as Snapshot), path: parsePath('/two/a') });
  expect(textOf(await encrypted(withPrefix(stored, '/two')).filesystem.get('/a'))).toBe(SECRET);
  expect(await typedRejection(withPrefix(encrypted(stored).filesystem, '/two').get('/a'))).toMatchObject({
    code: 'DECRYPTION_FAILED',
    path: '/a',
  });
});

test('encryption over encryption works, with less room', async () => {
  const stored = new MapFilesystem();
  const twice = encrypted(encrypted(stored).filesystem).filesystem;
  expect(twice.capabilitiesAt('/').maxBodyBytes).toBe(1000 - 220);
  await twice.put('/a', { body: new Uint8Array(780) }, 'any');
  expect((await twice.get('/a'))?.body).toEqual(new Uint8Array(780));
});

test('maxBodyBytes is less by the longest overhead, whatever the id, and the answer stays the same object', () => {
  const stored = new MapFilesystem();
  for (const id of ['k', 'k'.repeat(64)]) {
    const filesystem = withEncryption(stored, { keys: { [id]: testKey(1) }, currentKey: id });
    const claimed = filesystem.capabilitiesAt('/a');
    expect(claimed).toEqual({ ...EVERYTHING, maxBodyBytes: 1000 - 110 });
    expect(filesystem.capabilitiesAt('/b')).toBe(claimed);
    expect(Object.isFrozen(claimed)).toBe(true);
  }
  expect(ENCRYPTION_OVERHEAD_BYTES).toBe(110);
});

test('where no body fits, maxBodyBytes is 0', () => {
  const { filesystem } = encrypted(new MapFilesystem({ ...EVERYTHING, maxBodyBytes: 50 }));
  expect(filesystem.capabilitiesAt('/a').maxBodyBytes).toBe(0);
});

test('claims that are none are passed on, and nothing is stored', async () => {
  for (const claims of [null, 7, {}]) {
    const { stored, filesystem } = encrypted(new MapFilesystem(claims));
    expect(filesystem.capabilitiesAt('/a')).toBe(claims);
    expect(await typedRejection(filesystem.put('/a', { body: bytes(SECRET) }, 'any'))).toMatchObject({
      code: 'UNSUPPORTED',
    });
    expect(stored.stored.size).toBe(0);
  }
});

test('the longest body fits under the longest id, and one byte more is refused with the limit that the caller sees', async () => {
  const id = 'k'.repeat(64);
  const stored = new MapFilesystem();
  const filesystem = withEncryption(stored, { keys: { [id]: testKey(1) }, currentKey: id });
  await filesystem.put('/a', { body: new Uint8Array(890) }, 'any');
  expect(stored.stored.get('/a')?.body.length).toBe(1000);
  const refused = await typedRejection(filesystem.put('/b', { body: new Uint8Array(891) }, 'any'));
  expect(refused).toMatchObject({ code: 'BODY_TOO_LARGE', operation: 'put', path: '/b', outcome: 'not-applied' });
  expect(refused.message).toContain('890');
  expect(stored.stored.size).toBe(1);
});

test.each<[string, EntryInput, unknown, unknown]>([
  ['a bad expectation', { body: new Uint8Array(1001) }, 'always', undefined],
  ['a bad option', { body: new Uint8Array(1001) }, 'any', { timeoutMs: 'soon' }],
  ['a missing capability', { body: new Uint8Array(1001), kind: 'turn' }, 'any', undefined],
])('%s is refused before a body that is too long, as without encryption', async (_, entry, expectation, options) => {
  const put = (filesystem: RootFilesystem) =>
    typedRejection(filesystem.put('/a', entry, expectation as 'any', options as undefined));
  const plain = await put(new MapFilesystem(BYTES_ONLY));
  expect((await put(encrypted(new MapFilesystem(BYTES_ONLY)).filesystem)).toJSON()).toEqual(plain.toJSON());
});

const MALFORMED: readonly unknown[] = [
  ...JUNK,
  ...THROWERS.map(([, make]) => make()),
  throwingGetter('body'),
  throwingGetter('kind', { body: bytes(SECRET) }),
  { body: SECRET },
  { body: bytes(SECRET), kind: 'no kind' },
  { body: bytes(SECRET), contentType: '' },
  { body: bytes(SECRET), indexed: { n: Number.NaN } },
  { body: bytes(SECRET), typo: 1 },
  { body: new Uint16Array(2) },
];

test('a malformed entry is refused exactly as without encryption, whatever else is wrong', async () => {
  for (const path of ['/a', 'no path', '/', 7]) {
    for (const expectation of ['any', 'never']) {
      for (const entry of [...MALFORMED, { body: bytes(SECRET) }]) {
        const put = async (filesystem: RootFilesystem) =>
          filesystem.put(path as string, entry as EntryInput, expectation as 'any').then(
            () => 'stored',
            (error: unknown) => JSON.stringify(error),
          );
        const { filesystem } = encrypted();
        expect(await put(filesystem)).toBe(await put(new MapFilesystem()));
      }
    }
  }
});

test('a filesystem that refuses nothing is given no plain text to store', async () => {
  // An entry that is refused when it is looked at first, and not when it is looked at again.
  let looks = 0;
  const fickle = Object.defineProperty({ body: bytes(SECRET) }, 'contentType', {
    get: () => ((looks += 1) === 1 ? 7 : 'text/plain'),
    enumerable: true,
  });
  for (const [path, entry] of [
    ['/a', fickle],
    ['/a', { body: bytes(SECRET), kind: '-' }],
    ['a', { body: bytes(SECRET) }],
  ] as const) {
    const stranger = new PlainFilesystem();
    const filesystem = withEncryption(stranger.asRoot, { keys: { k1: testKey(1) }, currentKey: 'k1' });
    expect(await rejection(filesystem.put(path, entry, 'absent'))).toMatchObject({
      message: expect.any(String) as string,
    });
    expect(stranger.current).toBe(undefined);
  }
});

const GOOD = { keys: { k1: testKey(1) }, currentKey: 'k1' };

test.each<[string, unknown, RegExp]>([
  ['nothing', undefined, /^options must be an object; got undefined$/],
  ['null', null, /^options must be an object; got null$/],
  ['another option', { ...GOOD, key: 1 }, /^options has an unknown key/],
  ['no keys', { currentKey: 'k1' }, /^keys must be .*; got undefined$/],
  ['an array', { ...GOOD, keys: [testKey(1)] }, /^keys must be .*; got an array$/],
  ['a map', { ...GOOD, keys: new Map([['k1', testKey(1)]]) }, /^keys must be .*; got a Map$/],
  ['an empty ring', { ...GOOD, keys: {} }, /^keys must have at least one key$/],
  ['an empty id', { ...GOOD, keys: { '': testKey(1) } }, /^each id in keys must be .*; got an empty string$/],
  ['a long id', { ...GOOD, keys: { ['k'.repeat(65)]: testKey(1) } }, /^each id in keys must be .*got a string$/],
  ['an id of other letters', { ...GOOD, keys: { 'sécret id': testKey(1) } }, /^each id in keys must be (?!.*sécret)/],
  ['a symbol', { ...GOOD, keys: { ...GOOD.keys, [Symbol('k')]: testKey(1) } }, /^each id in keys .*got a symbol$/],
  ['a key as text', { ...GOOD, keys: { k1: 'k'.repeat(32) } }, /^keys\["k1"\] must be .*; got a string$/],
  ['a key of another size', { ...GOOD, keys: { k1: new Uint8Array(16) } }, /^keys\["k1"\] must be .*; got one of 16$/],
  [
    'a key of other numbers',
    { ...GOOD, keys: { k1: new Uint16Array(32) } },
    /^keys\["k1"\] must be .*got a Uint16Array$/,
  ],
  ['a ring that throws', { ...GOOD, keys: throwingGetter('k1') }, /^keys must be readable$/],
  ['no current key', { keys: GOOD.keys }, /^currentKey must be the id of one of the keys; got undefined$/],
  ['another current key', { ...GOOD, currentKey: 'k2' }, /^currentKey must be .*; got a string$/],
  ['an inherited current key', { ...GOOD, currentKey: 'toString' }, /^currentKey must be/],
])('options are checked first: %s', (_, options, message) => {
  const thrown = typedThrow(() => withEncryption(new MapFilesystem(), options as typeof GOOD));
  expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) as string });
});

test('a detached key is refused', () => {
  const key = testKey(1);
  structuredClone(key.buffer, { transfer: [key.buffer as ArrayBuffer] });
  const thrown = typedThrow(() => withEncryption(new MapFilesystem(), { keys: { k1: key }, currentKey: 'k1' }));
  expect(thrown.message).toMatch(/^keys\["k1"\] must be a Uint8Array of 32 bytes; got one of 0$/);
});

test('no error shows keys, plain text or what is stored', async () => {
  const key = testKey(1);
  const { stored, filesystem } = encrypted();
  await filesystem.put('/a', { body: bytes(SECRET), kind: 'turn' }, 'any');
  const sealed = stored.stored.get('/a')?.body ?? expect.fail('nothing stored');
  const flipped = sealed.with(sealed.length - 1, (sealed.at(-1) as number) ^ 1);
  const errors: unknown[] = [];
  const attempt = async (body: Uint8Array) => {
    tamper(stored, '/a', { body });
    errors.push(await rejection(filesystem.get('/a')), await rejection(readAll(filesystem)));
  };
  for (const body of [flipped, sealed.subarray(1), bytes(SECRET), sealed.with(2, 'x'.charCodeAt(0))])
    await attempt(body);
  errors.push(await rejection(filesystem.put('/a', { body: bytes(SECRET), kind: '-' }, 'any')));
  errors.push(await rejection(filesystem.put('/a', { body: bytes(SECRET.repeat(99_999)) }, 'any')));
  for (const bad of [{ k1: key.subarray(1) }, { k1: key, k2: Buffer.from(key).toString('latin1') }]) {
    errors.push(typedThrow(() => withEncryption(stored, { keys: bad as never, currentKey: 'k1' })));
  }
  const needles = [key, bytes(SECRET), sealed.subarray(4)].flatMap((secret) => {
    const part = Buffer.from(secret.subarray(0, 8));
    return [
      part.toString('hex'),
      part.toString('base64').slice(0, 10),
      part.toString('latin1'),
      part.join(','),
      part.join(', '),
    ];
  });
  expect(errors).toHaveLength(12);
  for (const error of errors) {
    const { message, stack, cause } = error as Error;
    const shown = [
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(error),
      message,
      stack,
      inspect(cause),
    ];
    for (const needle of needles) expect(shown.join('\n')).not.toContain(needle);
    expect(cause).toBe(undefined);
  }
});

test('closing it closes the filesystem below, and refuses what comes after', async () => {
  const { stored, filesystem } = encrypted();
  await filesystem.close();
  expect(stored.calls).toEqual(['_close']);
  for (const call of [filesystem.get('/a'), filesystem.put('/a', { body: bytes('x') }, 'any'), readAll(filesystem)]) {
    expect(await typedRejection(call)).toMatchObject({ code: 'CLOSED' });
  }
});

test('what may be a key in the place of its id is not shown', () => {
  const secret = Buffer.from(testKey(7)).toString('hex');
  for (const value of ['k1', new Uint8Array(5)]) {
    const error = typedThrow(() =>
      withEncryption(new MapFilesystem(ROOMY), { keys: { [secret]: value }, currentKey: 'k1' } as never),
    );
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(inspect(error)).not.toContain(secret);
  }
});
