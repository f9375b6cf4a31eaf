import { readdir } from 'node:fs/promises';
import { isHoldfastError } from '@holdfast/core';
import { describe, expect, test } from 'vitest';
import { CONTAINMENTS } from './support/containments.ts';
import { openFiles } from './support/open-files.ts';
import { openIn } from './support/open-in.ts';
import { refusal } from './support/rejection.ts';
import { makeScratch, snapshotOf, tempsBelow } from './support/scratch.ts';
import { namesIn, pathsBelow, text, textOf } from './support/text.ts';

const range = (length: number): number[] => Array.from({ length }, (_, index) => index);

describe.each(CONTAINMENTS)('contained by $kind', (containment) => {
  test("of 50 concurrent 'absent' puts on one path exactly one wins, and the others changed nothing", async () => {
    await using scratch = await makeScratch();
    for (const path of ['/a', '/new/dir/a']) {
      const disks = await Promise.all(range(5).map(() => openIn(scratch, { containment })));
      const answers = await Promise.all(
        range(50).map(async (writer) => {
          const put = disks[writer % 5]?.put(path, text(`${writer}`), 'absent');
          return await (put ?? Promise.reject(new Error('no disk'))).then(
            () => writer,
            (error: unknown) => refusal(Promise.reject(error as Error)),
          );
        }),
      );
      const winners = answers.filter((answer) => typeof answer === 'number');
      expect(winners).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'VERSION_MISMATCH not-applied')).toHaveLength(49);
      expect(textOf(await disks[0]?.get(path))).toBe(String(winners[0]));
      await Promise.all(disks.map((each) => each.close()));
    }
    expect(await tempsBelow(scratch.root)).toEqual([]);
  });

  test('of concurrent deletes exactly one deleted', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const path of ['/a', '/dir/dir/a']) {
      await disk.put(path, text('x'), 'any');
      const answers = await Promise.all(range(30).map(() => disk.delete(path, 'any')));
      expect(answers.filter(({ deleted }) => deleted)).toHaveLength(1);
    }
    expect(await readdir(scratch.root)).toEqual([]);
  });

  test('puts and deletes in a directory that is pruned all the time never fail and lose nothing', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const handles = openFiles(scratch);
    await Promise.all(
      range(16).map(async (lane) => {
        for (const round of range(10)) {
          const path = `/p/q/r/${lane}`;
          await disk.put(path, text(`${lane} ${round}`), round % 2 === 0 ? 'any' : 'absent');
          expect(textOf(await disk.get(path))).toBe(`${lane} ${round}`);
          expect(await namesIn(disk, '/p/q/r')).toContain(`${lane}`);
          expect(await pathsBelow(disk, '/p')).toContain(path);
          expect(await disk.delete(path, 'any')).toEqual({ deleted: true });
          expect(await disk.get(path)).toBeUndefined();
        }
      }),
    );
    expect(await readdir(scratch.root)).toEqual([]);
    expect(openFiles(scratch)).toBe(handles);
  });

  test('readers see one whole body or another, never a part, and always some', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    const size = 3 * 1024 * 1024;
    const body = (fill: number): { body: Uint8Array } => ({ body: new Uint8Array(size + fill).fill(fill) });
    await disk.put('/a/b', body(0), 'any');
    let writing = true;
    const writers = Promise.all(
      [1, 2, 3].map(async (fill) => {
        for (const _ of range(15)) await disk.put('/a/b', body(fill), 'any');
      }),
    ).finally(() => (writing = false));
    const seen = new Set<number>();
    while (writing) {
      const found = await disk.get('/a/b');
      const fill = found?.body[0] ?? -1;
      expect(found?.body.byteLength).toBe(size + fill);
      expect(Buffer.compare(found?.body ?? new Uint8Array(), body(fill).body)).toBe(0);
      seen.add(fill);
    }
    await writers;
    expect(seen.size).toBeGreaterThan(1);
  });

  test('a path and one below it never both come to be', async () => {
    await using scratch = await makeScratch();
    await using disk = await openIn(scratch, { containment });
    for (const round of range(20)) {
      const tries = ['/a', '/a/b', '/a/b/c', '/a', '/a/d'].map((path) => disk.put(path, text(path), 'any'));
      for (const answer of await Promise.allSettled(tries)) {
        if (answer.status === 'fulfilled') continue;
        // BUSY when the other one was under way, and so neither there nor not there.
        const { reason } = answer as { reason: unknown };
        expect(isHoldfastError(reason, 'PATH_CONFLICT') || isHoldfastError(reason, 'BUSY')).toBe(true);
      }
      const paths = await pathsBelow(disk, '/');
      expect(paths.length, `round ${round}`).toBeGreaterThan(0);
      for (const path of paths) {
        expect(paths.some((other) => other.startsWith(`${path}/`))).toBe(false);
        await disk.delete(path, 'any');
      }
      expect(await snapshotOf(scratch.root)).toEqual({});
    }
  });
});
