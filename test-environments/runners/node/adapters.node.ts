import { mock, test } from 'node:test';
import { ADAPTERS } from '../../steps/adapters.ts';
import { exercise, type Fakes } from '../../steps/exercise.ts';

const fakes: Fakes = {
  fake: () => mock.timers.enable({ apis: ['Date', 'setImmediate', 'setInterval', 'setTimeout'] }),
  restore: () => mock.timers.reset(),
};

for (const adapter of ADAPTERS) void test(adapter.name, { timeout: 60_000 }, () => exercise(adapter, fakes));
