import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';

/**
 * What the watchdog runs. It reads process ids, the last of which is the server's (an empty line: none). When the
 * pipe is closed, whatever ended the process at its other end, it ends the server and removes the folder.
 * SIGQUIT lets PostgreSQL end its children and give back its shared memory; what is still there after ten
 * seconds gets SIGKILL.
 */
const script = `
pid=
while IFS= read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -QUIT "$pid"
  tries=0
  while kill -0 "$pid" && [ $tries -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
  kill -KILL "$pid"
  sleep 0.1
fi
rm -rf "$1"
`;

/** Ends a server and removes its folder once this process is gone, also if it was killed. */
export class Watchdog {
  readonly #shell: ChildProcessByStdio<Writable, null, null>;

  /** Takes charge of a folder. */
  constructor(folder: string) {
    // Of a process group of its own: what Ctrl-C ends is not also what cleans up.
    this.#shell = spawn('sh', ['-c', script, 'holdfast-watchdog', folder], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    // Without a shell there is no watchdog; servers that are stopped are cleaned up all the same.
    this.#shell.on('error', () => {});
    this.#shell.stdin.on('error', () => {});
    // It must not be what keeps this process running.
    this.#shell.unref();
    (this.#shell.stdin as Writable & { unref(): void }).unref();
  }

  /** Takes charge of a process, instead of the one before. */
  watch(pid: number | undefined): void {
    this.#shell.stdin.write(`${pid ?? ''}\n`);
  }

  /** Ends the process and removes the folder now. Resolves when both are gone. */
  async end(): Promise<void> {
    if (this.#shell.pid === undefined || this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    this.#shell.ref();
    await new Promise<void>((resolve) => {
      this.#shell.once('exit', () => resolve());
      this.#shell.stdin.end();
    });
  }
}
