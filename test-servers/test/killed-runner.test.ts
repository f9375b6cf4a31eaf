import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';
import { engineAnswers } from '../src/docker/engine.ts';
import type { Source } from '../src/index.ts';
import { isRunning } from '../src/process/process-tree.ts';
import { processesOf, query } from './support/query.ts';
import { ownTemporaryFolder } from './support/temporary-folder.ts';

interface Servers {
  readonly postgres: string;
  readonly libsql: string;
}

const program = fileURLToPath(new URL('children/start-servers.ts', import.meta.url));

/** Has another process start both servers; `kill` ends that process, and it only. */
async function startElsewhere(source: Source): Promise<Servers & { kill(): void }> {
  const child = fork(program, [source], { execArgv: [] });
  const [servers] = (await once(child, 'message')) as [Servers];
  return { ...servers, kill: () => void child.kill('SIGKILL') };
}

test('servers and their data are gone soon after the process that started them was killed', async () => {
  using temporary = ownTemporaryFolder();
  const servers = await startElsewhere('binary');
  const processes = await processesOf(servers.postgres);
  expect(temporary.contents()).toHaveLength(2);

  servers.kill();
  await vi.waitFor(
    async () => {
      for (const pid of processes) expect(await isRunning(pid)).toBe(false);
      await expect(fetch(`${servers.libsql}/health`)).rejects.toThrow('fetch failed');
      expect(temporary.contents()).toEqual([]);
    },
    { timeout: 30_000 },
  );
});

test('containers are gone soon after the process that started them was killed', async () => {
  // Where no engine answers there are none; docker.test.ts sees to what happens then.
  const source = (await engineAnswers()) ? 'docker' : 'binary';
  const servers = await startElsewhere(source);
  expect(await query(servers.postgres, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

  servers.kill();
  await vi.waitFor(
    async () => {
      await expect(query(servers.postgres, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
      await expect(fetch(`${servers.libsql}/health`)).rejects.toThrow('fetch failed');
    },
    { timeout: 30_000 },
  );
});
