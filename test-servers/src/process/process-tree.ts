import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

interface Process {
  readonly pid: number;
  readonly parent: number;
}

/**
 * Ends a process and its children with SIGKILL; resolves when all are gone. The process is halted first, so that it
 * can start no more of them. PostgreSQL gives each child a session of its own: signals to a group do not reach them.
 */
export async function killTree(pid: number): Promise<void> {
  signal(pid, 'SIGSTOP');
  for (const it of await signalTree(pid, 'SIGKILL')) await untilGone(it);
}

/** Sends a signal to a process and its children; answers their ids. */
export async function signalTree(pid: number, name: NodeJS.Signals): Promise<readonly number[]> {
  // Halted before the others are looked for, it can start no more of them.
  if (name === 'SIGSTOP') signal(pid, name);
  const children = (await allProcesses()).filter((it) => it.parent === pid).map((it) => it.pid);
  const all = [pid, ...children];
  for (const it of all) signal(it, name);
  return all;
}

async function untilGone(pid: number): Promise<void> {
  while (await isRunning(pid)) await delay(5);
}

/** Whether there is such a process. One that ended and was not collected by its parent is not running. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!signal(pid, 0)) return false;
  if (process.platform !== 'linux') return true;
  const state = /\) (?<state>\S)/.exec(await statOf(pid))?.groups?.['state'];
  return state !== undefined && state !== 'Z' && state !== 'X';
}

async function allProcesses(): Promise<Process[]> {
  // Slim container images have no `ps`, and macOS has no /proc.
  return process.platform === 'linux' ? await processesOfLinux() : await processesOfPs();
}

async function processesOfLinux(): Promise<Process[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  return Promise.all(
    pids.map(async (pid) => {
      // `pid (name) state parent …`, where the name may hold anything.
      const parent = /.*\) \S (?<parent>\d+) /s.exec(await statOf(pid))?.groups?.['parent'];
      return { pid, parent: Number(parent ?? -1) };
    }),
  );
}

async function processesOfPs(): Promise<Process[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid = -1, parent = -1] = line.trim().split(/\s+/).map(Number);
      return { pid, parent };
    });
}

/** Empty if the process is gone. */
async function statOf(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
}

/** Whether there was a process to send it to. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw thrown;
  }
}
