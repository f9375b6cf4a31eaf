import { commit, type Change, type Version } from '@holdfast/core';
import { taggedBody } from './tagged-body.ts';
import { anyLength, type Writer } from './writers.ts';

/** How many entries a commit changes. */
export const MEMBERS = 6;

/** How many of them a commit puts, by its number; it deletes the others. */
export function putBy(number: number): number {
  return number % (MEMBERS + 1);
}

/** Changes the same entries again and again, in commits that put the first of them and delete the others. */
export function commits(index: number): Writer {
  return async (work) => {
    const slot = `commits/${work.lane}-${index}`;
    let known: Version | undefined;
    while (work.goOn()) {
      const number = work.next();
      const write = async (): Promise<Version | undefined> => {
        const changes = Array.from({ length: MEMBERS }, (_, member): Change => {
          const path = `${work.prefix}/${slot}/${member}`;
          const expectation = member === 0 && known !== undefined ? { version: known } : 'any';
          if (member >= putBy(number)) return { delete: path, expectation };
          return { put: path, entry: { body: taggedBody({ slot, number }, anyLength(10, 4000)) }, expectation };
        });
        known = (await commit(work.store, changes)).version;
        return known;
      };
      if (!(await work.journal.keep(slot, number, putBy(number) === 0 ? 'delete' : 'put', write))) return;
    }
  };
}
