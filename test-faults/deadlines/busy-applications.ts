import type { RootFilesystem } from '@holdfast/core';

/** Keeps the event loop busy until it is over, in its own way, and calls a filesystem of its own as it goes. */
type Application = (filesystem: RootFilesystem, isOver: () => boolean) => Promise<void>;

/** How long the stretches are in which nothing else comes to run, in milliseconds, one after the other. */
const STRETCHES_MS = [20, 5, 50, 3, 100];

/** How many calls it makes after each stretch: what it has under way has deadlines too. */
const CALLS_AT_ONCE = 3;

const entry = { body: new Uint8Array([1]) };

function compute(milliseconds: number): void {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
}

/** Promises one after the other, which let no timer fire in between. */
async function settlePromises(milliseconds: number): Promise<void> {
  for (const end = performance.now() + milliseconds; performance.now() < end;) await Promise.resolve();
}

/** Calls that nobody waits for, each with a deadline: as a server has them that goes on with other requests. */
function callMeanwhile(filesystem: RootFilesystem): void {
  const options = { timeoutMs: 10_000 };
  for (let call = 0; call < CALLS_AT_ONCE; call += 1) {
    void filesystem.get('/a', options);
    void filesystem.put('/a', entry, 'any', options);
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
const shortTimer = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1));

/** One stretch after the other, each followed by one turn of the event loop. */
function inStretches(
  keepBusy: (milliseconds: number) => Promise<void> | void,
  turn: () => Promise<void>,
  lengths: readonly number[] = STRETCHES_MS,
): Application {
  return async (filesystem, isOver) => {
    for (let stretch = 0; !isOver(); stretch += 1) {
      await keepBusy(lengths[stretch % lengths.length] as number);
      callMeanwhile(filesystem);
      await turn();
    }
  };
}

/** Applications that leave the event loop little, by how they do it. */
export const BUSY_APPLICATIONS: Readonly<Record<string, Application>> = {
  'computes in turns of setImmediate': inStretches(compute, nextTurn),
  'computes in timers': inStretches(compute, shortTimer),
  'settles promises': inStretches(settlePromises, nextTurn),
  'takes every turn of the event loop': inStretches(compute, nextTurn, [2]),
  'waits for one call after the other': async (filesystem, isOver) => {
    while (!isOver()) await filesystem.put('/a', entry, 'any', { timeoutMs: 10_000 });
  },
};
