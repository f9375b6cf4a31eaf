import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EarliestFirst, type Placed } from './earliest-first.ts';

const itemAt = (moment: number): Placed => ({ moment, place: -1 });

test('whatever is put in and taken out, what is first is the earliest of what is in it', () => {
  const steps = fc.array(fc.oneof(fc.record({ add: fc.integer({ min: 0, max: 9 }) }), fc.record({ take: fc.nat() })));
  fc.assert(
    fc.property(steps, (taken) => {
      const heap = new EarliestFirst<Placed>();
      const model: Placed[] = [];
      for (const step of taken) {
        if ('add' in step) {
          const item = itemAt(step.add);
          heap.add(item);
          model.push(item);
        } else if (model.length > 0) {
          const [item] = model.splice(step.take % model.length, 1) as [Placed];
          heap.delete(item);
          heap.delete(item);
        }
        expect(heap.size).toBe(model.length);
        expect(heap.first?.moment).toBe(model.map(({ moment }) => moment).toSorted((one, other) => one - other)[0]);
      }
    }),
  );
});

test('what is not in it is not taken out', () => {
  const heap = new EarliestFirst<Placed>();
  const item = itemAt(1);
  heap.add(item);
  heap.delete(itemAt(1));
  expect(heap.first).toBe(item);
});
