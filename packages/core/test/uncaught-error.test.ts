import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const index = new URL('../src/errors/holdfast-error.ts', import.meta.url).href;

/** How Node ends when a typed error, caused by one that names a secret, is nobody's. */
function lastWords(raise: string): { readonly stderr: string; readonly status: number | null } {
  const code = `
    import { HoldfastError } from ${JSON.stringify(index)};
    const cause = new Error('cannot reach postgres://admin:hunter2@db.internal');
    const error = new HoldfastError('UNAVAILABLE', 'cannot be reached', { operation: 'get', path: '/a', cause });
    ${raise}`;
  const options = { encoding: 'utf8', cwd: fileURLToPath(new URL('.', import.meta.url)) } as const;
  return spawnSync(
    process.execPath,
    ['--experimental-strip-types', '--no-warnings', '--input-type=module', '--eval', code],
    options,
  );
}

test.each([
  ['thrown', 'throw error;'],
  ['thrown later', 'setTimeout(() => { throw error; });'],
  ['rejected', 'void Promise.reject(error);'],
  ['thrown as the cause of another', "throw new Error('outer', { cause: error });"],
  ['among several', 'throw new AggregateError([error]);'],
  ['logged', 'console.error(error); process.exit(1);'],
])('an error that is %s ends the process without showing the text of its cause', (_, raise) => {
  const { stderr, status } = lastWords(raise);
  expect(status).toBe(1);
  expect(stderr).toContain('cannot be reached');
  expect(stderr).toContain('UNAVAILABLE');
  // The eval'd line itself may be quoted by Node; what it must not quote is the message made at run time.
  expect(stderr).not.toMatch(/hunter2|db\.internal/);
});
