import { Worker } from 'node:worker_threads';

/** A thread that keeps swapping a path for a symbolic link and back, as fast as it can. */
export interface Flipper extends AsyncDisposable {
  /** How often it has swapped there and back. */
  flips(): number;
}

// Plain JavaScript: a worker made from a text does not strip types. Every call may lose a race with the
// filesystem under test, which makes and prunes directories in the same place.
const LOOP = `
const { workerData: { path, target, counter } } = require('node:worker_threads');
const { renameSync, symlinkSync, unlinkSync, rmSync } = require('node:fs');
const state = new Int32Array(counter);
const quietly = (call) => { try { call(); } catch {} };
const aside = path + '.aside';
while (Atomics.load(state, 1) === 0) {
  quietly(() => renameSync(path, aside));
  quietly(() => symlinkSync(target, path));
  quietly(() => unlinkSync(path));
  try { renameSync(aside, path); } catch { quietly(() => rmSync(aside, { recursive: true })); }
  Atomics.add(state, 0, 1);
}
`;

export function flip(path: string, target: string): Flipper {
  const counter = new SharedArrayBuffer(8);
  const state = new Int32Array(counter);
  const worker = new Worker(LOOP, { eval: true, workerData: { path, target, counter } });
  const ended = new Promise<void>((resolve, reject) => {
    worker.once('exit', () => resolve());
    worker.once('error', reject);
  });
  return {
    flips: () => Atomics.load(state, 0),
    async [Symbol.asyncDispose]() {
      Atomics.store(state, 1, 1);
      await ended;
    },
  };
}
