import { CasApply, casUpdate, commit, createRecord, transact, type Version } from '@holdfast/core';
import { codec, entryOf } from './entries.ts';
import { one, put, remove } from './single-call.ts';
import type { Operation } from './stage.ts';

/** Every operation that writes. */
export const WRITES: readonly Operation[] = [
  one("put 'absent'", undefined, ({ at }, fs) => put(fs, at('new'), 'made', 'absent')),
  one("put 'any'", undefined, ({ at }, fs) => put(fs, at('a'), 'replaced', 'any')),
  one("put 'any' in a new directory", undefined, ({ at }, fs) => put(fs, at('x/y/z'), 'made', 'any')),
  one('put { version }', 'versions', ({ at, a }, fs) => put(fs, at('a'), 'replaced', { version: a as Version })),
  one("delete 'any'", undefined, ({ at }, fs) => remove(fs, at('a'), 'any')),
  one('delete { version }', 'versions', ({ at, a }, fs) => remove(fs, at('a'), { version: a as Version })),
  one('createRecord', 'versions', ({ at }, fs) => ({
    run: (options) => createRecord(fs, at('new'), codec, 'made', options),
    changes: { [at('new')]: 'made' },
  })),
  one('casUpdate that writes', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, (it) => CasApply.write(`${it}+`), options),
    changes: { [at('a')]: 'a+' },
  })),
  one('casUpdate that creates', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('new'), codec, (it) => CasApply.write(`${it ?? ''}+`), options),
    changes: { [at('new')]: '+' },
  })),
  one('casUpdate that deletes', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, () => CasApply.delete(), options),
    changes: { [at('a')]: undefined },
  })),
  one('casUpdate that decides for nothing', 'versions', ({ at }, fs) => ({
    run: (options) => casUpdate(fs, at('a'), codec, (it) => CasApply.noOp(it), options),
    isRight: (it) => (it as { readonly outcome: unknown }).outcome === 'a',
  })),
  {
    name: 'casUpdates that are combined',
    needs: 'versions',
    calls: ({ instances: [fs], at }) =>
      ['u', 'v', 'w'].map((name) => ({
        run: (options) =>
          casUpdate(fs, at('set'), codec, (it) => CasApply.write((it ?? '') + name), {
            combine: true,
            ...options,
          }),
        changes: { [at('set')]: (text) => text?.includes(name) === true },
      })),
  },
  one('commit', 'commits', ({ at, a, b }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { put: at('a'), entry: entryOf('replaced', true), expectation: { version: a as Version } },
          { delete: at('b'), expectation: { version: b as Version } },
          { put: at('new'), entry: entryOf('made', true), expectation: 'absent' },
          { check: at('none'), expectation: 'absent' },
        ],
        options,
      ),
    changes: { [at('a')]: 'replaced', [at('b')]: undefined, [at('new')]: 'made' },
  })),
  one('commit of what is there or not', 'commits', ({ at }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { put: at('a'), entry: entryOf('replaced', true), expectation: 'any' },
          { put: at('new'), entry: entryOf('made', true), expectation: 'any' },
          { delete: at('b'), expectation: 'any' },
        ],
        options,
      ),
    changes: { [at('a')]: 'replaced', [at('b')]: undefined, [at('new')]: 'made' },
  })),
  one('commit of checks', 'commits', ({ at, a, b }, fs) => ({
    run: (options) =>
      commit(
        fs,
        [
          { check: at('a'), expectation: { version: a as Version } },
          { check: at('b'), expectation: { version: b as Version } },
        ],
        options,
      ),
  })),
  one('transact', 'commits', ({ at }, fs) => ({
    run: (options) =>
      transact(
        fs,
        async (it) => {
          const [a, b] = [await it.get(at('a'), codec), await it.get(at('b'), codec)];
          await it.put(at('a'), codec, `${b}+`);
          await it.put(at('b'), codec, `${a}+`);
        },
        options,
      ),
    changes: { [at('a')]: 'b+', [at('b')]: 'a+' },
  })),
];
