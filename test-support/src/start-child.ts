import { fork, type Serializable } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child process that is ready and waits to be told. */
export interface Child extends AsyncDisposable {
  /** Tells it to go on, with what it is to do if it asks, and gives what it says next. Rejects if it ends without saying anything. */
  tell(order?: Serializable): Promise<unknown>;
  /** Everything it says, as it says it. */
  onSaid(listener: (message: unknown) => void): void;
  /** Ends it at once, wherever it is. */
  kill(): Promise<void>;
}

/**
 * Starts a module in a process of its own and waits until it says that it is ready, as `sayAndWait` does. Rejects if it
 * ends before that. The module finds the arguments from `process.argv[2]` on.
 */
export async function startChild(module: URL, ...args: readonly (string | number)[]): Promise<Child> {
  const child = fork(fileURLToPath(module), args.map(String), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // By which nothing is lost that JSON leaves out, such as what is undefined.
    serialization: 'advanced',
    // Not the options of Vitest's processes.
    execArgv: [],
  });
  // Not its exit, which may be noticed before what it said last.
  const closed = once(child, 'close');
  const said = async (): Promise<unknown> => {
    const died = closed.then(([code, signal]) => {
      throw new Error(`the child ended with ${code ?? signal}`);
    });
    const [message] = (await Promise.race([once(child, 'message'), died])) as unknown[];
    return message;
  };
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  await said();
  return {
    tell(order = 'go on') {
      const answer = said();
      child.send(order);
      return answer;
    },
    onSaid: (listener) => void child.on('message', listener),
    kill,
    [Symbol.asyncDispose]: kill,
  };
}

/** Starts several of them at once; they are all ready when this resolves. */
export function startChildren(count: number, module: URL, ...args: readonly (string | number)[]): Promise<Child[]> {
  return Promise.all(Array.from({ length: count }, () => startChild(module, ...args)));
}
