import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process that is ready and waits to be told. */
export interface Child extends AsyncDisposable {
  /** Tells it to go on, and gives what it says next. */
  tell(): Promise<unknown>;
  /** Everything it says, as it says it. */
  onSaid(listener: (message: unknown) => void): void;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
}

/** Starts a module of `children/` and waits until it says that it is ready. */
export async function startChild(module: string, ...args: readonly (string | number)[]): Promise<Child> {
  const path = fileURLToPath(new URL(`../children/${module}.ts`, import.meta.url));
  const child = fork(path, args.map(String), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
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
    tell() {
      const answer = said();
      child.send('go on');
      return answer;
    },
    onSaid: (listener) => void child.on('message', listener),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts several of them at once; they are all ready when this resolves. */
export function startChildren(count: number, module: string, ...args: readonly (string | number)[]): Promise<Child[]> {
  return Promise.all(Array.from({ length: count }, () => startChild(module, ...args)));
}
