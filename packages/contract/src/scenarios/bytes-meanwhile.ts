import { sameBytes } from '@holdfast/core/adapter';
import { always, type Scenario } from '../scenario.ts';
import { nextTurn } from '../support/barrier.ts';
import { patternedBytes } from '../support/bodies.ts';
import { check } from '../support/check.ts';
import { randomNumbers } from '../support/random.ts';

/** How long the bodies are, in bytes, and how many times each is put and goes again: what is large costs more. */
const SORTS = [
  { length: 10, times: 16 },
  { length: 10_000, times: 32 },
  { length: 300_000, times: 8 },
] as const;

/** How many have the same bodies, and how many turns of the event loop at most they pause. */
const OWNERS = 4;
const PAUSES = 3;

/** Bodies that many entries have, while they come and go. */
export const bytesMeanwhileScenarios: readonly Scenario[] = [
  always(
    'bytes.equal-meanwhile',
    'an entry is there and whole, whenever others with an equal body are deleted, overwritten and put',
    async (context) => {
      const { claims, effort } = context;
      const instances = await context.instances(OWNERS);
      for (const { length, times } of SORTS.filter((sort) => sort.length <= claims.maxBodyBytes)) {
        const bodies = [patternedBytes(length), patternedBytes(length - 1)] as const;
        const own = async (owner: number): Promise<void> => {
          const filesystem = instances[owner] as (typeof instances)[number];
          const random = randomNumbers(effort.seed + owner);
          const path = `/equal/${length}/${owner}`;
          for (let time = 0; time < times; time += 1) {
            const body = bodies[random() < 0.7 ? 0 : 1];
            await filesystem.put(path, { body }, 'any');
            const found = (await filesystem.get(path))?.body;
            check(
              found !== undefined && sameBytes(found, body),
              `the body of ${body.length} bytes that was put at ${path}`,
            );
            for (let turn = Math.floor(random() * PAUSES); turn > 0; turn -= 1) await nextTurn();
            if (random() < 0.6) await filesystem.delete(path, 'any');
          }
        };
        await Promise.all(instances.map((_, owner) => own(owner)));
      }
    },
  ),
];
