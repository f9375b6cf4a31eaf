import { expect, test } from 'vitest';
import { bytes } from '../../test/support/bytes.ts';
import { deferred } from '../../test/support/deferred.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { failOnUnhandledRejections, settled } from '../../test/support/unhandled.ts';
import { DEFAULT_CONTENT_TYPE } from '../entries/parse-entry.ts';
import { Patience } from '../filesystem/operation-context.ts';
import { parsePath } from '../paths/virtual-path.ts';
import { mintVersion } from '../versions/version.ts';
import type { Round } from './round.ts';
import { Seat } from './seat.ts';
import { SharedWrite } from './shared-write.ts';

failOnUnhandledRejections();

const path = parsePath('/a');
const last = {
  path,
  body: bytes('all'),
  contentType: DEFAULT_CONTENT_TYPE,
  kind: undefined,
  indexed: undefined,
  version: mintVersion(),
};

function take(): Seat {
  const patience = new Patience({ name: 'casUpdate', path, changes: true }, { signal: undefined, timeoutMs: 60_000 });
  return new Seat({ leftBy: () => {} } as unknown as Round, patience, true);
}

/** A write for these, which a backend has and does not answer yet. */
async function sent(seats: readonly Seat[]) {
  const filesystem = new MapFilesystem();
  const answer = deferred();
  const signals: AbortSignal[] = [];
  filesystem.before('_put', ({ signal }) => (signals.push(signal), answer.promise));
  const write = new SharedWrite(seats);
  const over = write.send({ filesystem, path, base: undefined }, last);
  await settled();
  const isEnded = async (): Promise<boolean> => {
    await settled();
    return signals[0]?.aborted === true;
  };
  return { write, over, isEnded, answer: () => answer.resolve() };
}

test('a write goes on while anybody waits for it, and is ended when the last of them has left', async () => {
  const [one, other, stranger] = [take(), take(), take()];
  const { write, over, isEnded, answer } = await sent([one, other]);
  for (const leaving of [one, one, stranger]) {
    write.leftBy(leaving);
    expect(await isEnded()).toBe(false);
  }
  write.leftBy(other);
  expect(await isEnded()).toBe(true);
  answer();
  await over;
});

test('who left before it was sent is neither waited for nor told', async () => {
  const [gone, here] = [take(), take()];
  gone.hasLeft = true;
  let told = false;
  void gone.told().then(() => (told = true));
  const { write, over, isEnded, answer } = await sent([gone, here]);
  answer();
  await over;
  expect(await here.told()).toMatchObject({ what: 'landed', last });
  expect(told).toBe(false);
  const again = await sent([gone, here]);
  again.write.leftBy(here);
  expect(await again.isEnded()).toBe(true);
  again.answer();
  await again.over;
  // Over for long.
  write.leftBy(here);
  expect(await isEnded()).toBe(false);
});
