import { defineContract, type Harness } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { openPostgres } from '../src/index.ts';
import { makeScratchSchema } from './support/scratch-schema.ts';

const harness: Harness = {
  name: 'postgres',
  async createStore() {
    const { connectionString, schema, remove } = makeScratchSchema();
    return {
      open: () => openPostgres({ config: { connectionString }, schema }),
      child: { module: new URL('children/open-store.ts', import.meta.url).href, input: { connectionString, schema } },
      destroy: remove,
    };
  },
};

// All of it at full effort is in `test-matrix`.
defineContract(harness, { describe, it }, { effort: 'quick' });
