import { HoldfastError } from '@holdfast/core';
import { openLocalDisk } from '@holdfast/local-disk';
import { MemoryFilesystem, openMemory } from '@holdfast/memory';
import { expect, it } from 'vitest';
import type { BackendReport } from './backend-report.ts';
import type { DemoBackend } from './backends.ts';
import { runDemo } from './run-demo.ts';
import type { DemoServers } from './servers.ts';

/** One that reads and never writes. */
class WritesNothing extends MemoryFilesystem {
  protected override async _put(): Promise<void> {
    throw new HoldfastError('STORAGE_FULL', 'there is no room left', { outcome: 'not-applied' });
  }
}

const memory: DemoBackend = { name: 'memory', takesRecords: true, open: async () => openMemory() };
const disk: DemoBackend = {
  name: 'local disk',
  takesRecords: false,
  open: ({ directory }) => openLocalDisk({ root: directory }),
};
const full: DemoBackend = {
  name: 'full',
  takesRecords: true,
  open: async () => new WritesNothing(openMemory().capabilitiesAt('/')),
};

const noServers: DemoServers = {
  descriptions: ['none'],
  postgres: { config: { connectionString: '' }, schema: '' },
  libsql: { config: { url: '' }, tablePrefix: '' },
  clear: async () => {},
  [Symbol.asyncDispose]: async () => {},
};

/** How the demo ends on some backends, and what it prints. */
async function ended(backends: readonly DemoBackend[], json = false) {
  const printed: string[] = [];
  const errors: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const printError = (text: string): void => void errors.push(text);
  const code = await runDemo({ backends, servers: noServers, json, print, printError });
  return { code, printed: printed.join('\n'), errors: errors.join('\n') };
}

it('goes on after a backend that fails, tells its name and why, and ends with 1', async () => {
  const { code, printed, errors } = await ended([full, memory, disk]);
  expect(code).toBe(1);
  expect(printed).toMatch(/^full .*FAILED: STORAGE_FULL$/m);
  expect(printed).toMatch(/^memory .* 880 .*accepted$/m);
  expect(printed).toMatch(/^local disk .*refused, nothing written$/m);
  expect(errors).toContain('full: STORAGE_FULL: there is no room left');
  expect(errors).not.toContain('memory');
});

it('has the failure in its JSON, and the figures of the others', async () => {
  const { code, printed } = await ended([full, memory], true);
  const { backends } = JSON.parse(printed) as { readonly backends: readonly BackendReport[] };
  expect(code).toBe(1);
  expect(backends).toMatchObject([
    { name: 'full', updates: 0, failure: { code: 'STORAGE_FULL', message: 'there is no room left' } },
    { name: 'memory', updates: 880, lost: 0, failure: null },
  ]);
});

it('ends with 0 when all is as it must be', async () => {
  expect(await ended([memory, disk])).toMatchObject({ code: 0, errors: '' });
});

it('fails a backend that refuses the records it must take, and one that takes those it must refuse', async () => {
  const { code, errors } = await ended([
    { ...disk, takesRecords: true },
    { ...memory, takesRecords: false },
  ]);
  expect(code).toBe(1);
  expect(errors).toContain('local disk: refused a record, which it must take');
  expect(errors).toContain('memory: took a record, which it must refuse');
});
