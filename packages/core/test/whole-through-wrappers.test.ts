import { expect, test } from 'vitest';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { HoldfastError } from '../src/errors/holdfast-error.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import { transact } from '../src/transact/transact.ts';
import { CommittingFilesystem } from './support/committing-filesystem.ts';
import { WRAPS } from './support/core-wrappers.ts';

const counters = jsonCodec<number>({ kind: 'counter' });

test.each(Object.entries(WRAPS))(
  'through %s an adapter is told the same whole for all attempts of an update, and another for another',
  async (_, wrap) => {
    const backend = new CommittingFilesystem();
    const lose = (__: unknown, nth: number): void => {
      if (nth < 3) throw new HoldfastError('VERSION_MISMATCH', 'somebody was faster');
    };
    backend.before('_put', lose);
    backend.before('_commit', lose);
    // With a deadline of its own for each call.
    const filesystem = withTimeout(wrap(backend), { timeoutMs: 1000 });
    const wholes: unknown[] = [];
    for (const update of [
      () => casUpdate(filesystem, '/a', counters, (count = 0) => CasApply.write(count + 1)),
      () =>
        transact(filesystem, async (tx) => {
          const count = (await tx.get('/a', counters)) ?? 0;
          await tx.put('/b', counters, count + 1);
        }),
      () => filesystem.get('/a'),
      () => filesystem.get('/a'),
    ]) {
      backend.contexts.length = 0;
      await update();
      const told = new Set(backend.contexts.map(({ whole }) => whole));
      expect(told.size).toBe(1);
      wholes.push(...told);
    }
    expect(new Set(wholes).size).toBe(4);
    expect(wholes).not.toContain(undefined);
  },
);
