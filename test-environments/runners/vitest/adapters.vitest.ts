import { expect, test, vi } from 'vitest';
import { ADAPTERS } from '../../steps/adapters.ts';
import { exercise, type Fakes } from '../../steps/exercise.ts';

const fakes: Fakes = {
  fake: (names) => void vi.useFakeTimers({ toFake: [...names, 'performance'] }),
  restore: () => void vi.useRealTimers(),
};

test.each(ADAPTERS)('$name', async (adapter) => {
  await expect(exercise(adapter, fakes)).resolves.toBe(undefined);
});
