import { CasApply, casUpdate, isHoldfastError, jsonCodec, type RootFilesystem } from '@holdfast/core';
import type { Adapter } from './adapter.ts';
import { expectEqual } from './expect-equal.ts';

/** How a runner fakes timers, and gives them back. Nobody advances them in between. */
export interface Fakes {
  readonly fake: () => void;
  readonly restore: () => void;
}

const counter = jsonCodec<number>({ kind: 'counter' });
const TEXT = 'h\u00e4llo\u0000';

/** Takes an adapter through its life: before timers are faked, while they are, and after. */
export async function exercise(adapter: Adapter, { fake, restore }: Fakes): Promise<void> {
  const store = await adapter.makeStore();
  try {
    const before = await store.open();
    await use(before, '/before');
    fake();
    try {
      await use(before, '/faked');
      const during = await store.open();
      await use(during, '/during');
      if (during !== before) await during.close();
      await endsInTime(before);
    } finally {
      restore();
    }
    await use(before, '/restored');
    const after = await store.open();
    await use(after, '/after');
    for (const { call, as } of await store.refusals(after)) expectEqual(await refusalOf(call), as, 'the refusal');
    await Promise.all(after === before ? [before.close()] : [before.close(), after.close()]);
  } finally {
    await store.destroy();
  }
}

async function use(filesystem: RootFilesystem, at: string): Promise<void> {
  const isVersioned = filesystem.capabilitiesAt(at).cas === 'versioned';
  if (isVersioned) await update(filesystem, `${at}/counter`);
  else expectEqual(await refusalOf(() => update(filesystem, `${at}/counter`)), 'CAS_UNSUPPORTED not-applied', at);

  await writeBytes(filesystem, `${at}/bytes`);
  expectEqual(await filesystem.get(`${at}/none`), undefined, 'what is not there');
  const again = (): Promise<unknown> => filesystem.put(`${at}/bytes`, { body: new Uint8Array(1) }, 'absent');
  expectEqual(await refusalOf(again), 'VERSION_MISMATCH not-applied', 'a second put');

  const names = isVersioned ? ['bytes', 'counter'] : ['bytes'];
  const { children } = await filesystem.list(at);
  expectEqual(
    children.map(({ name }) => name),
    names,
    'the children',
  );
  const paths: string[] = [];
  for await (const entry of filesystem.entries(at)) paths.push(entry.path);
  expectEqual(
    paths,
    names.map((name) => `${at}/${name}`),
    'the entries',
  );
  expectEqual((await filesystem.delete(`${at}/bytes`, 'any')).deleted, true, 'the deletion');
}

/** Updates three times; the second loses a race once. */
async function update(filesystem: RootFilesystem, path: string): Promise<void> {
  let attempts = 0;
  for (const round of [1, 2, 3]) {
    const { snapshot } = await casUpdate(filesystem, path, counter, async (current = 0) => {
      attempts += 1;
      if (round === 2 && attempts === 2) await filesystem.put(path, counterEntry(10), 'any');
      return CasApply.write(current + 1);
    });
    expectEqual(snapshot, [1, 11, 12][round - 1], 'the counter');
  }
  expectEqual(attempts, 4, 'the attempts');
}

function counterEntry(value: number): {
  readonly body: Uint8Array;
  readonly kind: string;
  readonly contentType: string;
} {
  return { body: new TextEncoder().encode(String(value)), kind: 'counter', contentType: 'application/json' };
}

/** Writes and reads the bytes that an application has, and those of Node. */
async function writeBytes(filesystem: RootFilesystem, path: string): Promise<void> {
  for (const body of [new TextEncoder().encode(TEXT), Buffer.from(TEXT), new Uint8Array(Buffer.from(TEXT))]) {
    await filesystem.put(path, { body }, 'any');
    const read = await filesystem.get(path);
    expectEqual(read && Object.getPrototypeOf(read.body) === Uint8Array.prototype, true, 'the class of the body');
    expectEqual(read && new TextDecoder().decode(read.body), TEXT, 'the body');
    expectEqual(read && Array.from(read.body), Array.from(Buffer.from(TEXT)), 'the bytes');
  }
}

/** A deadline is real, whatever the timers are. */
async function endsInTime(filesystem: RootFilesystem): Promise<void> {
  if (filesystem.capabilitiesAt('/late').cas !== 'versioned') return;
  const never = (): Promise<never> => new Promise(() => {});
  const call = (): Promise<unknown> => casUpdate(filesystem, '/late', counter, never, { timeoutMs: 20 });
  expectEqual(await refusalOf(call), 'TIMEOUT not-applied', 'an update that takes too long');
}

async function refusalOf(call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'none';
  } catch (error) {
    if (!isHoldfastError(error)) return String(error);
    return error.outcome === undefined ? error.code : `${error.code} ${error.outcome}`;
  }
}
