import type { Snapshot } from '@holdfast/core';
import { textOf } from './entries.ts';
import { READS } from './reads.ts';
import type { Operation } from './stage.ts';
import { together } from './together.ts';
import { WRITES } from './writes.ts';

const GROUPS: readonly Operation[] = [
  { name: 'a batch of several callers', calls: together },
  {
    name: 'a batch of several callers while the owner has a transaction open',
    needs: 'owner',
    calls: (stage) => {
      stage.owner?.begin();
      return together(stage);
    },
    meanwhile: async ({ owner }) => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      owner?.end();
    },
  },
];

const LIVES: readonly Operation[] = [
  {
    name: 'open, and a get, and close',
    needs: 'opening',
    calls: ({ open, at }) => [
      {
        run: async () => {
          const fs = await (open as NonNullable<typeof open>)();
          let answer: unknown;
          try {
            answer = await fs.get(at('a'));
          } finally {
            await fs.close();
          }
          return answer;
        },
        isRight: (it) => textOf(it as Snapshot) === 'a',
      },
    ],
  },
  {
    name: 'close while a batch is under way',
    needs: 'opening',
    calls: (stage) => [
      ...together({ ...stage, instances: [stage.opened] }),
      {
        run: async () => {
          await new Promise((resolve) => setImmediate(resolve));
          await stage.opened.close();
        },
      },
    ],
  },
];

/** Every operation, each by itself, in batches, and with the life of an instance. */
export const OPERATIONS: readonly Operation[] = [...READS, ...WRITES, ...GROUPS, ...LIVES];
