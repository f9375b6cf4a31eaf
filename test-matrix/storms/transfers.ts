import {
  isHoldfastError,
  jsonCodec,
  readRecord,
  records,
  transact,
  type Capabilities,
  type RootFilesystem,
  type Transaction,
} from '@holdfast/core';

/** How much a storm moves. */
export interface StormNumbers {
  readonly writers: number;
  /** How many transfers each writer makes. */
  readonly transfers: number;
}

/** What the writers and the auditor of one instance have seen. */
export interface Told {
  /** The transfers that were acknowledged, and those of which nobody could tell. */
  readonly acknowledged: readonly string[];
  readonly unknown: readonly string[];
  readonly attempts: number;
  /** How often the function of a transfer ran, also in vain, and how often a transfer had to begin anew. */
  readonly begunAnew: number;
  readonly failures: readonly string[];
  readonly audits: number;
  /** What must not be. */
  readonly wrong: readonly string[];
}

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

const ACCOUNTS = Array.from({ length: 16 }, (_, account) => account);
const OPENING = 1000;
const TOTAL = OPENING * ACCOUNTS.length;
/** One that waits for its turn behind 64 others on a machine with much else to do. */
const LIMITS = { timeoutMs: 60_000, maxAttempts: 10_000 } as const;

const balances = jsonCodec<{ readonly balance: number }>({ kind: 'account' });
const ledger = jsonCodec<Transfer>({ kind: 'transfer' });

const accountPath = (account: number): string => `/accounts/${account}`;

/** Opens the accounts, all in one transaction. */
export async function openAccounts(filesystem: RootFilesystem): Promise<void> {
  await transact(filesystem, async (tx) => {
    for (const account of ACCOUNTS) await tx.put(accountPath(account), balances, { balance: OPENING });
  });
}

/**
 * Moves amounts between the accounts, with many writers at once. Each transfer is one transaction and leaves a record of its
 * own. One that is definitely not applied is made again; meanwhile somebody adds the accounts up, again and again.
 */
export async function storm(filesystem: RootFilesystem, name: string, numbers: StormNumbers): Promise<Told> {
  const told = {
    acknowledged: [] as string[],
    unknown: [] as string[],
    attempts: 0,
    begunAnew: 0,
    failures: [] as string[],
    audits: 0,
    wrong: [] as string[],
  };
  let writing = numbers.writers;

  const run = (path: string, transfer: Transfer) => async (tx: Transaction) => {
    told.attempts += 1;
    const [made, from, to] = await Promise.all([
      tx.get(path, ledger),
      tx.get(accountPath(transfer.from), balances),
      tx.get(accountPath(transfer.to), balances),
    ]);
    if (made !== undefined) return 'was made before';
    if (from === undefined || to === undefined) return 'has no account';
    await tx.put(accountPath(transfer.from), balances, { balance: from.balance - transfer.amount });
    await tx.put(accountPath(transfer.to), balances, { balance: to.balance + transfer.amount });
    await tx.put(path, ledger, transfer);
    return undefined;
  };

  const move = async (path: string, transfer: Transfer): Promise<void> => {
    for (;;) {
      try {
        const { outcome } = await transact(filesystem, run(path, transfer), LIMITS);
        if (outcome === undefined) told.acknowledged.push(path);
        else told.wrong.push(`${path} ${outcome}`);
        return;
      } catch (error) {
        if (!isHoldfastError(error) || error.outcome === undefined) throw error;
        told.failures.push(`${error.code} ${error.outcome}`);
        if (error.outcome !== 'not-applied') return void told.unknown.push(path);
        told.begunAnew += 1;
      }
    }
  };

  const write = async (writer: number): Promise<void> => {
    try {
      for (let nth = 0; nth < numbers.transfers; nth += 1) {
        const from = Math.floor(Math.random() * ACCOUNTS.length);
        const to = (from + 1 + Math.floor(Math.random() * (ACCOUNTS.length - 1))) % ACCOUNTS.length;
        await move(`/ledger/${name}/${writer}-${nth}`, { from, to, amount: 1 + Math.floor(Math.random() * 100) });
      }
    } finally {
      writing -= 1;
    }
  };

  const audit = async (): Promise<void> => {
    do {
      try {
        const { outcome } = await transact(filesystem, totalIn, LIMITS);
        told.audits += 1;
        if (outcome !== TOTAL) told.wrong.push(`a transaction saw ${outcome} in all accounts`);
      } catch (error) {
        if (!isHoldfastError(error)) throw error;
        told.failures.push(`audit ${error.code}`);
      }
    } while (writing > 0);
  };

  await Promise.all([audit(), ...Array.from({ length: numbers.writers }, (_, writer) => write(writer))]);
  return told;
}

async function totalIn(tx: Transaction): Promise<number> {
  const all = await Promise.all(ACCOUNTS.map((account) => tx.get(accountPath(account), balances)));
  return all.reduce((sum, account) => sum + (account?.balance ?? Number.NaN), 0);
}

/** Everything that a storm leaves wrong: what was lost, what was made twice, what nobody moved. */
export async function problemsAfter<C extends Capabilities>(
  given: RootFilesystem<C>,
  told: readonly Told[],
): Promise<string[]> {
  const filesystem = given as unknown as RootFilesystem;
  const problems = told.flatMap(({ wrong }) => wrong);
  const acknowledged = new Set(told.flatMap((each) => each.acknowledged));
  const unknown = new Set(told.flatMap((each) => each.unknown));
  const expected = ACCOUNTS.map(() => OPENING);
  for await (const { path, value } of records(filesystem, '/ledger', ledger)) {
    expected[value.from] = (expected[value.from] ?? 0) - value.amount;
    expected[value.to] = (expected[value.to] ?? 0) + value.amount;
    if (!acknowledged.delete(path) && !unknown.has(path)) problems.push(`${path} is there, and was said not to be`);
  }
  for (const path of acknowledged) problems.push(`${path} was acknowledged, and is not there`);
  for (const account of ACCOUNTS) {
    const balance = (await readRecord(filesystem, accountPath(account), balances))?.value.balance;
    if (balance !== expected[account]) problems.push(`account ${account} has ${balance} and not ${expected[account]}`);
  }
  return problems;
}

/** The storms of several instances in a line: how fast, how often in vain. */
export function summaryOf(told: readonly Told[], durationMs: number): string {
  const sum = (of: (each: Told) => number): number => told.reduce((total, each) => total + of(each), 0);
  const landed = sum(({ acknowledged }) => acknowledged.length);
  const failures = Object.entries(
    Object.groupBy(
      told.flatMap((each) => each.failures),
      (failure) => failure,
    ),
  );
  return [
    `${landed} transfers in ${(durationMs / 1000).toFixed(1)} s`,
    `${((landed / durationMs) * 1000).toFixed(0)} a second`,
    `${(sum(({ attempts }) => attempts) / landed).toFixed(2)} attempts each`,
    `${sum(({ audits }) => audits)} audits`,
    `${sum(({ unknown }) => unknown.length)} unknown`,
    ...failures.map(([failure, times = []]) => `${times.length} times ${failure}`),
  ].join(', ');
}
