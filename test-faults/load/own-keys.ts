import type { Version } from '@holdfast/core';
import { taggedBody } from './tagged-body.ts';
import { anyLength, type Work, type Writer } from './writers.ts';

/** What is known of a key that only one writer writes. */
interface Known {
  readonly version: Version | undefined;
}

/** Puts one key again and again, and deletes it now and then, with every expectation that the backend takes. */
export function ownKey(name: string, index: number, [shortest, longest]: readonly [number, number]): Writer {
  return async (work) => {
    const slot = `${name}/${work.lane}-${index}`;
    let known: Known | undefined;
    while (work.goOn()) {
      const number = work.next();
      const remove = number % 5 === 0;
      const write = async (): Promise<Version | undefined> => {
        known = remove
          ? await removeKey(work, slot, known)
          : await putKey(work, slot, number, known, anyLength(shortest, longest));
        return known?.version;
      };
      if (!(await work.journal.keep(slot, number, remove ? 'delete' : 'put', write))) return;
    }
  };
}

/** Puts many keys at once, waits for all of them, and begins anew. */
export function burst(name: string, keys: number): Writer {
  return async (work) => {
    let all = true;
    while (all && work.goOn()) {
      const kept = Array.from({ length: keys }, (_, index) => {
        const slot = `${name}/${work.lane}-${index}`;
        const number = work.next();
        const put = async () => (await putKey(work, slot, number, undefined, anyLength(10, 3000)))?.version;
        return work.journal.keep(slot, number, 'put', put);
      });
      all = (await Promise.all(kept)).every(Boolean);
    }
  };
}

/** Creates keys that were never there before, and deletes each of them some time after. */
export function newKeys(name: string, index: number): Writer {
  return async (work) => {
    const last: string[] = [];
    for (let goOn = true; goOn && work.goOn();) {
      const number = work.next();
      const slot = `${name}/${work.lane}-${index}/${number}`;
      const create = async () =>
        (
          await work.store.put(
            pathOf(work, slot),
            { body: taggedBody({ slot, number }, anyLength(10, 2000)) },
            'absent',
          )
        ).version;
      goOn = await work.journal.keep(slot, number, 'put', create);
      last.push(slot);
      const oldest = last.length > 4 ? last.shift() : undefined;
      if (goOn && oldest !== undefined) {
        const remove = async () => (await removeKey(work, oldest, undefined), undefined);
        goOn = await work.journal.keep(oldest, work.next(), 'delete', remove);
      }
    }
  };
}

async function putKey(
  work: Work,
  slot: string,
  number: number,
  known: Known | undefined,
  length: number,
): Promise<Known> {
  const version = number % 2 === 0 ? known?.version : undefined;
  const expectation = version === undefined ? 'any' : { version };
  return work.store.put(pathOf(work, slot), { body: taggedBody({ slot, number }, length) }, expectation);
}

async function removeKey(work: Work, slot: string, known: Known | undefined): Promise<undefined> {
  const version = known?.version;
  await work.store.delete(pathOf(work, slot), version === undefined ? 'any' : { version });
}

function pathOf(work: Work, slot: string): string {
  return `${work.prefix}/${slot}`;
}
