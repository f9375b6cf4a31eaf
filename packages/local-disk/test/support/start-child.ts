import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process that is ready to start. */
export interface Child extends AsyncDisposable {
  /** Tells it to start, and gives what it says next. */
  start(): Promise<unknown>;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
}

/** Starts `child.ts` with a job, a root and a name for itself. */
export async function startChild(job: string, root: string, name: string): Promise<Child> {
  const child = fork(fileURLToPath(new URL('child.ts', import.meta.url)), [job, root, name], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [],
  });
  const exited = once(child, 'exit');
  const said = async (): Promise<unknown> => {
    const died = exited.then(([code, signal]) => {
      throw new Error(`the child ended with ${code ?? signal}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as unknown[];
    return message;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  await said();
  return {
    start() {
      const answer = said();
      child.send('start');
      return answer;
    },
    kill,
    [Symbol.asyncDispose]: kill,
  };
}
