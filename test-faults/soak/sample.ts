import { getEventListeners } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a process has in use while it does nothing. */
export interface Sample {
  /** The heap, in bytes, once garbage was collected. */
  readonly heap: number;
  /** What is outside of it, in bytes: bodies, and what sockets have read. */
  readonly buffers: number;
  /** Timers, sockets and requests that keep the process alive. */
  readonly handles: number;
  /** Open descriptors, where the system tells. */
  readonly descriptors: number;
  /** Listeners on a signal that was given to every call. */
  readonly listeners: number;
  /** The write-ahead log, in bytes. */
  readonly log: number;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Takes one. */
export function takeSample(signal: AbortSignal, log: string | undefined): Sample {
  // What buffers had is given back beside the program, and is so for certain only when the next collection begins.
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return {
    heap: heapUsed,
    buffers: external,
    handles: process.getActiveResourcesInfo().length,
    descriptors: descriptors(),
    listeners: getEventListeners(signal, 'abort').length,
    log: log !== undefined && existsSync(log) ? statSync(log).size : 0,
  };
}

function descriptors(): number {
  return ['/proc/self/fd', '/dev/fd'].flatMap((path) => (existsSync(path) ? [readdirSync(path).length] : []))[0] ?? 0;
}
