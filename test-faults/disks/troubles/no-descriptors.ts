import { closeSync, openSync } from 'node:fs';
import type { Trouble } from './trouble.ts';

/** How many are left, time after time. */
const LEFT = [0, 1, 2, 3, 5, 8];

/** All descriptors of the process are in use, or all but a few. The process has to be one that may have few. */
export function noDescriptors(): Trouble {
  let held: number[] = [];
  let time = 0;
  return {
    begin() {
      held = useUp();
      const left = LEFT[time % LEFT.length] ?? 0;
      for (const descriptor of held.splice(-left, left)) closeSync(descriptor);
      time += 1;
    },
    end() {
      for (const descriptor of held) closeSync(descriptor);
    },
  };
}

function useUp(): number[] {
  for (const held: number[] = []; ;) {
    try {
      held.push(openSync('/dev/null', 'r'));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EMFILE') throw error;
      return held;
    }
  }
}
