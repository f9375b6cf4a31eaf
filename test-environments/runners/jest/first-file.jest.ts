import { expect, jest, test } from '@jest/globals';
import { ADAPTERS } from '../../steps/adapters.ts';
import { exercise, type Fakes } from '../../steps/exercise.ts';

const fakes: Fakes = {
  // All, as Jest does when it is not told otherwise, but the ticks in which pg hands on its connections.
  fake: () => void jest.useFakeTimers({ doNotFake: ['nextTick'] }),
  restore: () => void jest.useRealTimers(),
};

test.each(ADAPTERS)('$name', async (adapter) => {
  await expect(exercise(adapter, fakes)).resolves.toBe(undefined);
});
