import { expect, test, vi } from 'vitest';
import { ADAPTERS } from '../../steps/adapters.ts';
import { exercise, type Fakes } from '../../steps/exercise.ts';

const fakes: Fakes = {
  fake: () => void vi.useFakeTimers(),
  restore: () => void vi.useRealTimers(),
};

test.each(ADAPTERS)('$name', async (adapter) => {
  await expect(exercise(adapter, fakes)).resolves.toBe(undefined);
});
