import { commits } from './commits.ts';
import { burst, newKeys, ownKey } from './own-keys.ts';
import { adder, mover } from './updates.ts';
import { times, type Work, type Writer } from './writers.ts';

const OF_BODIES: readonly Writer[] = [
  ...times(6, (index) => ownKey('own', index, [0, 9000])),
  ownKey('large', 0, [200_000, 1_500_000]),
  ...times(2, (index) => newKeys('new/made/by', index)),
  burst('burst', 24),
];

const OF_RECORDS: readonly Writer[] = [
  ...times(2, (index) => commits(index)),
  ...times(6, (index) => adder(index)),
  ...times(3, (index) => mover(index)),
];

/** Everything that writes, at once: one by one and many together, whole entries, records, commits and transactions. */
export async function writeUnderLoad(work: Work): Promise<void> {
  const { records } = work.store.capabilitiesAt('/');
  await Promise.all([...OF_BODIES, ...(records ? OF_RECORDS : [])].map((write) => write(work)));
}
