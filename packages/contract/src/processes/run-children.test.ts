import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import { runChildren } from './run-children.ts';

vi.mock('node:child_process', () => ({ fork: vi.fn<typeof fork>() }));

/** As much of a child process as is used. */
class FakeProcess extends EventEmitter {
  readonly pid = 1;
  readonly exitCode = null;
  signalCode: string | null = null;

  kill(signal: string): void {
    this.signalCode = signal;
    setImmediate(() => this.emit('exit', null, signal));
  }
}

test('when one child fails to open the store, the others are ended, also those that have not opened it yet', async () => {
  const [fails, opens, hangs] = [new FakeProcess(), new FakeProcess(), new FakeProcess()];
  for (const child of [fails, opens, hangs])
    vi.mocked(fork).mockReturnValueOnce(child as unknown as ReturnType<typeof fork>);
  const reports = runChildren({ module: 'nowhere', input: undefined }, 3, (name) => ({
    task: 'absent-race',
    name,
    prefix: '/x',
    paths: 1,
  }));
  opens.emit('message', { type: 'ready' });
  fails.emit('message', { type: 'failed', reason: 'no such module' });
  await expect(reports).rejects.toThrow('no such module');
  expect([fails, opens, hangs].map(({ signalCode }) => signalCode)).toEqual(['SIGKILL', 'SIGKILL', 'SIGKILL']);
});
