import { closeSync, mkdirSync, openSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from './root.mjs';

const heartbeatMs = 1_000;
/** Long enough for a loaded machine to miss beats, short enough to wait out after a `kill -9`. */
const staleMs = 10_000;

/**
 * Runs `work` while no other process of this workspace runs work under the same name. The lock is a
 * file that its holder touches every second; one left behind by a killed process is taken over once
 * it has gone cold.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} work
 * @param {string} [folder]
 * @returns {Promise<T>}
 */
export async function withLock(name, work, folder = join(root, '.toolchain')) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.lock`);
  await acquire(file, name);

  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const release = () => {
    clearInterval(heartbeat);
    rmSync(file, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/** @param {string} file @param {string} name */
async function acquire(file, name) {
  for (let attempt = 0; !create(file); attempt += 1) {
    if (attempt === 0) console.error(`Waiting for another ${name} in this folder.`);
    if (isStale(file)) takeAway(file);
    else await sleep(100);
  }
}

/** @param {string} file */
function create(file) {
  try {
    closeSync(openSync(file, 'wx'));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @param {string} file */
function isStale(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > staleMs;
}

/**
 * Renames before it removes, so that of several waiters only one removes this very file.
 *
 * @param {string} file
 */
function takeAway(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  rmSync(aside, { force: true });
}

/** @param {string} file */
function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    // Somebody took the lock of a process that slept; the work itself is safe to repeat.
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** @param {unknown} error */
function errorCode(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
