import { expect, test, vi } from 'vitest';
import { deferred } from '../../test/support/deferred.ts';
import { PlainFilesystem } from '../../test/support/plain-filesystem.ts';
import { settled } from '../../test/support/unhandled.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';

test('an update leaves the event loop its turn, also through a filesystem that leaves it none', async () => {
  const turn = deferred();
  vi.spyOn(eventLoopShare, 'due').mockImplementation(({ reads }) => (reads ? undefined : turn.promise));
  let isOver = false;
  const filesystem = new PlainFilesystem();
  const update = casUpdate(filesystem.asRoot, '/a', jsonCodec<number>({ kind: 'n' }), () => CasApply.write(1));
  const over = update.then(() => (isOver = true));
  await settled();
  expect([filesystem.methods, isOver]).toEqual([['get', 'put'], false]);
  turn.resolve();
  await over;
});
