import { expect, test } from 'vitest';
import { CommittingFilesystem } from '../../test/support/committing-filesystem.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { createRecord } from '../helpers/create-record.ts';
import { transact } from '../transact/transact.ts';
import { jsonCodec } from './json-codec.ts';
import type { RecordCodec } from './record-codec.ts';

const json = jsonCodec<number>({ kind: 'n' });

/** Wipes what it has read, and can wipe what it has given, in the functions of another codec. */
function wiping(codec: RecordCodec<number>) {
  const { encode, decode } = codec;
  const given: Uint8Array[] = [];
  const wipe = (): void => given.forEach((body) => body.fill(0));
  Object.assign(codec, {
    async encode(value: number) {
      const entry = await encode(value);
      given.push(entry.body);
      return entry;
    },
    async decode(stored: Parameters<typeof decode>[0]) {
      const value = await decode(stored);
      stored.body.fill(0);
      return value;
    },
  });
  return { codec, wipe };
}

test.each([
  ['is made of the functions of one of ours', { ...json }],
  ['is one of ours with other functions', jsonCodec<number>({ kind: 'n' })],
])('what a codec of the caller does with its bytes reaches nobody, also when it %s', async (_, made) => {
  const filesystem = new CommittingFilesystem();
  const { codec, wipe } = wiping(made);
  await createRecord(filesystem, '/a', codec, 1);
  wipe();
  const same = await casUpdate(filesystem, '/a', codec, (current) => CasApply.write(current ?? 0));
  expect(same).toMatchObject({ written: false, snapshot: 1 });
  await casUpdate(filesystem, '/a', codec, () => CasApply.write(2));
  wipe();
  await transact(filesystem, async (transaction) => {
    for (const step of [1, 2]) await transaction.put('/a', codec, step + ((await transaction.get('/a', codec)) ?? 0));
  });
  wipe();
  const { snapshot } = await casUpdate(filesystem, '/a', json, () => CasApply.noOp());
  expect(snapshot).toBe(5);
});
