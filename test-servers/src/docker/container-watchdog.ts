import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The label that tells whose a container is. */
export const ownerLabel = 'holdfast.test-server';

/**
 * Removes the containers with a label once this process is gone, also if it was killed. Testcontainers has a
 * container of its own for that, but its image would be one more that must be there or can be pulled.
 */
export class ContainerWatchdog {
  readonly #child: ChildProcess;

  /** Takes charge of the containers that have, or will have, this value of the label. */
  constructor(owner: string) {
    // Its channel to this process is what it watches. It has a process group of its own: what Ctrl-C ends is not
    // also what cleans up.
    this.#child = fork(fileURLToPath(new URL('remove-containers.ts', import.meta.url)), [owner], {
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
    });
    this.#child.on('error', () => {});
    this.#child.unref();
    this.#child.channel?.unref();
  }

  /** There is nothing to remove any more. */
  dismiss(): void {
    this.#child.kill('SIGKILL');
  }

  /** Removes the containers now. Resolves when they are gone. */
  async removeNow(): Promise<void> {
    this.#child.ref();
    const ended = new Promise<void>((resolve) => void this.#child.once('exit', () => resolve()));
    this.#child.disconnect();
    await ended;
  }
}
