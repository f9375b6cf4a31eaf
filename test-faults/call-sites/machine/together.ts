import { commit } from '@holdfast/core';
import { entryOf } from './entries.ts';
import { put, remove } from './single-call.ts';
import type { Call, Stage } from './stage.ts';

/** Calls of several callers that a batch takes together, from every instance. */
export function together({ instances, at, a }: Stage): readonly Call[] {
  const commits = instances[0].capabilitiesAt('/').planes.includes('atomic-commit');
  return instances.flatMap((fs, index): Call[] => {
    const name = (of: string): string => at(`${of}${index}`);
    const calls = [
      put(fs, name('one'), 'one', 'absent'),
      put(fs, name('two'), 'two', 'any'),
      put(fs, name('three'), 'three', 'absent'),
      ...(a !== undefined && index === 0 ? [put(fs, at('a'), 'replaced', { version: a })] : []),
      ...(index === 0 ? [remove(fs, at('b'), 'any')] : []),
    ];
    if (!commits) return calls;
    const whole: Call = {
      run: (options) =>
        commit(
          fs,
          [
            { put: name('four'), entry: entryOf('four', true), expectation: 'absent' },
            { put: name('five'), entry: entryOf('five', true), expectation: 'any' },
          ],
          options,
        ),
      changes: { [name('four')]: 'four', [name('five')]: 'five' },
    };
    return [...calls, whole];
  });
}
