import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { SCENARIOS } from '@holdfast/contract';
import { expect, test } from 'vitest';

const file = fileURLToPath(new URL('node-test/contract.ts', import.meta.url));

/** Runs the contract under Node's test runner in a child process. */
async function runNodeTest(env: NodeJS.ProcessEnv): Promise<{ readonly code: number | null; readonly report: string }> {
  const args = ['--experimental-strip-types', '--no-warnings', '--test', '--test-reporter=tap', file];
  const { NODE_OPTIONS: _options, NODE_TEST_CONTEXT: _context, ...rest } = process.env;
  const child = spawn(process.execPath, args, { env: { ...rest, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[code: number | null]>;
  const [report, [code]] = await Promise.all([text(child.stdout), closed]);
  return { code, report };
}

test("the whole suite runs under Node's own test runner", async () => {
  const { code, report } = await runNodeTest({});
  expect(report).toContain(`# pass ${SCENARIOS.length}`);
  expect(report).toContain('# fail 0');
  expect(code).toBe(0);
});

test('and a failure is one there too', async () => {
  const { code, report } = await runNodeTest({ WITH_A_WRONG_GAP: '1' });
  expect(report).toContain('# fail 1');
  expect(report).toMatch(/not ok \d+ - cas\.write: /);
  expect(code).toBe(1);
});
