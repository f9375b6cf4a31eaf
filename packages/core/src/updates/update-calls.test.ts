import { expect, test } from 'vitest';
import { deferred, never } from '../../test/support/deferred.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { rejection, typedRejection } from '../../test/support/rejection.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import type { CasUpdateOptions } from '../cas/cas-options.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';

failOnUnhandledRejections();

const codec = jsonCodec<number>({ kind: 'n' });
const add = (filesystem: PlainFilesystem, options?: CasUpdateOptions<number>) =>
  casUpdate(filesystem.asRoot, '/a', codec, (n = 0) => CasApply.write(n + 1), options);

const methods = ['get', 'put'] as const;

/** What fails at one method of a stranger. */
function failing(method: 'get' | 'put', thrown: unknown): PlainFilesystem {
  const filesystem = new PlainFilesystem();
  filesystem.before = (call) => {
    if (call.method === method) throw thrown;
  };
  return filesystem;
}

test.each(methods)('an error of its own that a stranger throws at %s reaches every caller as it is', async (method) => {
  const own = new Error('of its own');
  const filesystem = failing(method, own);
  expect(await Promise.all([add(filesystem), add(filesystem)].map(rejection))).toEqual([own, own]);
});

test('what keeps a stranger from telling what it promises reaches the caller as it is', async () => {
  const own = new Error('of its own');
  const filesystem = new PlainFilesystem();
  filesystem.capabilitiesAt = () => {
    throw own;
  };
  expect(await rejection(add(filesystem))).toBe(own);
});

test('a backend that is too busy to say whether it has written is not asked again, by nobody', async () => {
  const filesystem = failing('put', new HoldfastError('BUSY', 'cut', { outcome: 'unknown' }));
  for (const error of await Promise.all([add(filesystem), add(filesystem)].map(typedRejection))) {
    expect(error).toMatchObject({ code: 'BUSY', operation: 'casUpdate', path: '/a', outcome: 'unknown' });
  }
  expect(filesystem.count('put')).toBe(1);
});

test('who has given up is told its own reason, and not that of somebody else', async () => {
  const filesystem = new PlainFilesystem();
  const [sent, held] = [deferred(), deferred()];
  const theirs = new HoldfastError('ABORTED', 'ended', { outcome: 'unknown', cause: new Error('theirs') });
  filesystem.before = async ({ method }) => {
    if (method !== 'put') return;
    sent.resolve();
    await held.promise;
    throw theirs;
  };
  const controller = new AbortController();
  const mine = new Error('mine');
  const [gaveUp, stays] = [add(filesystem, { signal: controller.signal }), add(filesystem)].map(typedRejection);
  await sent.promise;
  controller.abort(mine);
  held.resolve();
  expect(await gaveUp).toMatchObject({ code: 'ABORTED', outcome: 'unknown' });
  expect((await gaveUp)?.rawCause()).toBe(mine);
  expect((await stays)?.rawCause()).toMatchObject({ message: 'theirs' });
});

test('whoever gives up while a stranger writes, which fails as it likes, does not know what became of that', async () => {
  const filesystem = new PlainFilesystem();
  const controller = new AbortController();
  filesystem.before = ({ method }) => {
    if (method !== 'put') return;
    controller.abort();
    throw new Error('of its own');
  };
  const error = await typedRejection(add(filesystem, { signal: controller.signal }));
  expect(error).toMatchObject({ code: 'ABORTED', operation: 'casUpdate', path: '/a', outcome: 'unknown' });
});

test('a codec that gives no entry has changed nothing', async () => {
  const filesystem = new PlainFilesystem();
  const odd = { ...codec, encode: () => ({ body: 'text' }) as never };
  const error = await typedRejection(casUpdate(filesystem.asRoot, '/a', odd, () => CasApply.write(1)));
  expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', operation: 'casUpdate', path: '/a', outcome: 'not-applied' });
});

test('once a delete has landed, giving up on what came after it does not say that nothing has changed', async () => {
  const filesystem = new PlainFilesystem();
  await add(filesystem);
  const controller = new AbortController();
  filesystem.after = ({ method }) => {
    if (method === 'delete') filesystem.current = { path: '/a', ...entry } as never;
  };
  const entry = { ...(await codec.encode(7)), contentType: 'application/json', version: 'theirs' };
  const decoding = deferred();
  let decodes = 0;
  const slow = {
    ...codec,
    decode: (stored: Parameters<typeof codec.decode>[0]) => {
      if ((decodes += 1) < 2) return codec.decode(stored);
      decoding.resolve();
      return never();
    },
  };
  const signal = controller.signal;
  const removed = typedRejection(casUpdate(filesystem.asRoot, '/a', slow, () => CasApply.delete(), { signal }));
  await decoding.promise;
  controller.abort();
  expect(await removed).toMatchObject({ code: 'ABORTED', operation: 'casUpdate', path: '/a', outcome: 'unknown' });
});

test('a backend that answers a write without a version may have written, for all who wrote', async () => {
  const filesystem = new PlainFilesystem();
  const put = filesystem.put.bind(filesystem);
  filesystem.put = async (...given) => {
    await put(...given);
    return {};
  };
  for (const error of await Promise.all([add(filesystem), add(filesystem)].map(typedRejection))) {
    expect(error).toMatchObject({ code: 'CAS_UNSUPPORTED', operation: 'casUpdate', path: '/a', outcome: 'unknown' });
  }
});

test('on what a backend has read without a version nobody writes, also not together with others', async () => {
  const filesystem = new PlainFilesystem();
  await add(filesystem);
  const get = filesystem.get.bind(filesystem);
  filesystem.get = async (...given) => ({ ...(await get(...given)), version: undefined }) as never;
  for (const error of await Promise.all([add(filesystem), add(filesystem)].map(typedRejection))) {
    expect(error).toMatchObject({ code: 'CAS_UNSUPPORTED', path: '/a', outcome: 'not-applied' });
  }
  expect(filesystem.count('put')).toBe(1);
});

test('what the caller gives that has a then of its own is waited for, until it is too late', async () => {
  const filesystem = new PlainFilesystem();
  const controller = new AbortController();
  const hangs = () => {};
  Reflect.set(hangs, 'then', () => {});
  const { signal } = controller;
  const hung = typedRejection(casUpdate(filesystem.asRoot, '/a', codec, () => hangs as never, { signal }));
  await settled();
  controller.abort();
  expect(await hung).toMatchObject({ code: 'ABORTED', outcome: 'not-applied' });
});
