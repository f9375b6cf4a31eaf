import { defineContract } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { harness } from './harness.ts';

// Every scenario, with small numbers. `npm run verify` has the full ones.
defineContract(harness, { describe, it }, { effort: 'quick' });
