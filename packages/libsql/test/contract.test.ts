import { defineContract } from '@holdfast/contract';
import { describe, it } from 'vitest';
import { libsqlHarnesses } from './harnesses.ts';

for (const harness of libsqlHarnesses) defineContract(harness, { describe, it }, { effort: 'quick' });
