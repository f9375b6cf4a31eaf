import { randomInt } from 'node:crypto';
import { startChild } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { WIRE_BACKENDS } from './backends.ts';
import type { Damages } from './children/read-damaged.ts';

const readDamaged = new URL('children/read-damaged.ts', import.meta.url);

test.for(WIRE_BACKENDS)(
  'whatever is damaged of what $name says, no process ends, and calls end with errors of ours',
  { timeout: 600_000 },
  async (backend, context) => {
    const seed = Number(process.env['HOLDFAST_FAULTS_SEED'] ?? randomInt(2 ** 31));
    await using child = await startChild(readDamaged, backend.name, howMany(1000), seed);
    const { damages, answered, failures, odd } = (await child.tell()) as Damages;
    const failed = Object.values(failures).reduce((sum, each) => sum + each, 0);
    noteFigures(context, {
      promise: 'damaged replies',
      where: backend.name,
      counts: { damages, answered, failed, untyped: odd.length, 'processes that ended': 0 },
    });
    expect([...new Set(odd)], `seed ${seed}`).toEqual([]);
    expect(damages).toBeGreaterThanOrEqual(howMany(1000));
  },
);
