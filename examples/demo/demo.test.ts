import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BACKENDS } from './backends.ts';
import { WORKLOAD } from './turns.ts';

const run = promisify(execFile);

/** How long a run on all backends may take, servers and all, while other tests keep the machine busy. */
const DEMO_TIMEOUT_MS = 300_000;
const main = fileURLToPath(new URL('main.ts', import.meta.url));

const { turns, steps } = WORKLOAD;
// Each turn creates its run, updates it in every step, finishes it, and spends in every step.
const UPDATES = turns * (2 * steps + 2);

it(
  'prints JSON that shows every update on every backend that takes records, and the refusal of the one that does not',
  async () => {
    const { stdout } = await run(process.execPath, [main, '--json']);
    const { backends } = JSON.parse(stdout) as { backends: readonly Record<string, unknown>[] };
    expect(backends.map(({ name }) => name)).toEqual(BACKENDS.map(({ name }) => name));
    for (const report of backends) {
      if (report['name'] === 'local disk') {
        expect(report).toMatchObject({ writers: turns, updates: 0, lost: 0, attempts: 0, p50Ms: null, refused: true });
      } else {
        expect(report).toMatchObject({
          writers: turns,
          updates: UPDATES,
          lost: 0,
          refused: false,
          passedHungWriter: true,
          failure: null,
        });
        expect(report['attempts']).toBeGreaterThanOrEqual(UPDATES);
        expect(report['p99Ms']).toBeGreaterThanOrEqual(report['p50Ms'] as number);
      }
    }
  },
  DEMO_TIMEOUT_MS,
);

it('refuses an argument it does not know', async () => {
  await expect(run(process.execPath, [main, '--jsno'])).rejects.toMatchObject({ code: 2 });
});

it('says in a sentence which server it could not have, and ends with 1', async () => {
  const env = { ...process.env, HOLDFAST_POSTGRES_URL: 'postgres://nobody:word@127.0.0.1:1/none' };
  const ended = run(process.execPath, [main], { env });
  await expect(ended).rejects.toMatchObject({ code: 1, stdout: '' });
  await expect(ended).rejects.toHaveProperty(
    'stderr',
    expect.stringMatching(/^The PostgreSQL at HOLDFAST_POSTGRES_URL .*\n$/),
  );
});
