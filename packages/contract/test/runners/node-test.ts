// Run by `node --test`: some of the suite under the runner that comes with Node.
import { describe, it } from 'node:test';
import { defineContract } from '../../src/index.ts';
import { openGood } from '../gallery/support/good-memory.ts';
import { alone } from '../gallery/support/broken-adapter.ts';
import { FAMILIES } from './families.ts';

defineContract(
  { name: 'memory under node:test', createStore: async () => alone(openGood()) },
  { describe, it: (name, body, timeout) => it(name, { timeout }, body) },
  { effort: 'quick', only: FAMILIES },
);
