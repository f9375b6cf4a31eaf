import { CasApply, casUpdate, jsonCodec, readRecord, transact, type Version } from '@holdfast/core';
import type { Work, Writer } from './writers.ts';

/** A record that many writers add to at once, so that their updates are combined. */
export interface Hot {
  readonly count: number;
  /** How often each slot has added. */
  readonly bySlot: Readonly<Record<string, number>>;
}

/** How the hot record is kept. */
export const hots = jsonCodec<Hot>({ kind: 'hot' });
const accounts = jsonCodec<{ readonly balance: number }>({ kind: 'account' });
const ledgers = jsonCodec<{ readonly number: number }>({ kind: 'ledger' });

export const HOT = 'hot';
const ACCOUNTS = 5;

/** Adds to the one hot record, again and again. What it adds is one more than what is there: twice would show. */
export function adder(index: number): Writer {
  return async (work) => {
    const slot = `added/${work.lane}-${index}`;
    const path = `${work.prefix}/${HOT}`;
    let number = (await readRecord(work.store, path, hots))?.value.bySlot[slot] ?? 0;
    while (work.goOn()) {
      number += 1;
      const add = async (): Promise<undefined> => {
        await casUpdate(work.store, path, hots, (hot = { count: 0, bySlot: {} }) => {
          const times = (hot.bySlot[slot] ?? 0) + 1;
          return CasApply.write({ count: hot.count + 1, bySlot: { ...hot.bySlot, [slot]: times } });
        });
      };
      if (!(await work.journal.keep(slot, number, 'put', add))) return;
    }
  };
}

/** Moves amounts between accounts in transactions, and counts them in a record of its own. */
export function mover(index: number): Writer {
  return async (work) => {
    const slot = `ledgers/${work.lane}-${index}`;
    let number = (await readRecord(work.store, `${work.prefix}/${slot}`, ledgers))?.value.number ?? 0;
    while (work.goOn()) {
      number += 1;
      if (!(await work.journal.keep(slot, number, 'put', () => move(work, slot, number)))) return;
    }
  };
}

async function move(work: Work, slot: string, number: number): Promise<Version | undefined> {
  const [from = '', to = ''] = [number, number + 1 + (number % (ACCOUNTS - 1))].map(
    (account) => `${work.prefix}/accounts/${work.lane}-${account % ACCOUNTS}`,
  );
  const { version } = await transact(work.store, async (tx) => {
    const mine = await tx.get(`${work.prefix}/${slot}`, ledgers);
    await tx.put(`${work.prefix}/${slot}`, ledgers, { number: (mine?.number ?? 0) + 1 });
    for (const [path, amount] of [
      [from, -number],
      [to, number],
    ] as const) {
      const account = await tx.get(path, accounts);
      await tx.put(path, accounts, { balance: (account?.balance ?? 0) + amount });
    }
  });
  return version;
}
