import { afterEach, expect, test, vi } from 'vitest';
import { startLibsqlServer, startPostgres } from '../src/index.ts';
import { BinaryServer } from '../src/process/binary-server.ts';
import { makeDataFolder } from '../src/process/data-folder.ts';
import { freePort } from '../src/process/free-port.ts';
import { silentListener } from './support/silent-listener.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

vi.mock(import('../src/process/free-port.ts'), { spy: true });

afterEach(() => {
  vi.mocked(freePort).mockReset();
});

test.each([
  ['PostgreSQL', startPostgres],
  ['libSQL', startLibsqlServer],
])('%s takes another port when somebody else was faster', async (_, start) => {
  await using taken = await silentListener();
  vi.mocked(freePort).mockResolvedValueOnce(taken.port);
  await using server = await start({ only: 'binary' });
  expect(vi.mocked(freePort)).toHaveBeenCalledTimes(3);
  expect(Number(new URL(server.url).port)).not.toBe(taken.port);
});

test('a server that ends at once is an error with the end of its log, and leaves nothing', async () => {
  using temporary = ownTemporaryFolder();
  const attempt = BinaryServer.launch({
    name: 'The server',
    folder: await makeDataFolder('broken'),
    command: () => ({ file: 'sh', args: ['-c', 'echo it has no wings; exit 3'] }),
    // As if somebody else had its port, and kept us waiting.
    ask: () => new Promise(() => {}),
    stopSignal: 'SIGKILL',
  });
  await expect(attempt).rejects.toThrow(
    'The server ended at once (exit code 3). The end of its log:\n  it has no wings',
  );
  expect(temporary.contents()).toEqual([]);
});

test('a program that is not there is an error, and leaves nothing', async () => {
  using temporary = ownTemporaryFolder();
  const attempt = BinaryServer.launch({
    name: 'The server',
    folder: await makeDataFolder('broken'),
    prepare: (run) => run({ file: '/nowhere/initdb', args: [] }),
    command: () => ({ file: 'true', args: [] }),
    ask: () => Promise.resolve(),
    stopSignal: 'SIGKILL',
  });
  await expect(attempt).rejects.toThrow('/nowhere/initdb failed (spawn /nowhere/initdb ENOENT)');
  expect(temporary.contents()).toEqual([]);
});
