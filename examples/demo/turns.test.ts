import type { CasExpectation, EntryInput, OperationOptions, PutResult, Version } from '@holdfast/core';
import { MemoryFilesystem, openMemory } from '@holdfast/memory';
import { expect, it } from 'vitest';
import { countLost, runTurns } from './turns.ts';

class NotesTheTimeLeft extends MemoryFilesystem {
  readonly timesLeftMs: (number | undefined)[] = [];

  override put(
    path: string,
    entry: EntryInput,
    expectation: CasExpectation,
    options?: OperationOptions,
  ): Promise<PutResult<Version>> {
    this.timesLeftMs.push(options?.timeoutMs);
    return super.put(path, entry, expectation, options);
  }
}

it('gives an update longer than a busy machine needs for the unluckiest of all writers', async () => {
  const filesystem = new NotesTheTimeLeft(openMemory().capabilitiesAt('/'));
  await runTurns(filesystem);
  expect(await countLost(filesystem)).toBe(0);
  expect(Math.min(...filesystem.timesLeftMs.map((left) => left ?? 0))).toBeGreaterThan(30_000);
});
