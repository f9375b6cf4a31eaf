import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import { defineContract, SCENARIOS } from '../src/index.ts';
import { alone } from './gallery/support/broken-adapter.ts';
import { openGood } from './gallery/support/good-memory.ts';
import { FAMILIES } from './runners/families.ts';

const count = SCENARIOS.filter(({ id }) => FAMILIES.some((family) => id.startsWith(`${family}.`))).length;

defineContract(
  { name: 'memory under Vitest', createStore: async () => alone(openGood()) },
  { describe, it },
  { effort: 'quick', only: FAMILIES },
);

test('the suite runs under node:test', async () => {
  const script = fileURLToPath(new URL('runners/node-test.ts', import.meta.url));
  // Node marks the processes of a test run; within one it does not start another.
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--test', '--test-reporter=tap', script], { env });
  expect(stdout).toContain(`# tests ${count}`);
  expect(stdout).toContain(`# pass ${count}`);
  expect(stdout).toContain('# fail 0');
});
