import { always, type Scenario } from '../scenario.ts';
import { file } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';

/** A store may make writes of several callers as one, a transaction or a request: no caller may notice. */
export const raceNeighbourScenarios: readonly Scenario[] = [
  always(
    'race.neighbours',
    'of puts that are started together each is told what became of it, whatever becomes of the others',
    async (context) => {
      const { filesystem } = context;
      for (const refused of [0, 4, 7]) {
        const paths = Array.from({ length: 8 }, (_, place) => `/neighbours/${refused}/${place}`);
        const there = paths[refused];
        await filesystem.put(`/neighbours/${refused}/${refused}`, file('before'), 'any');
        await Promise.all(
          paths.map((path) => {
            if (path !== there) return filesystem.put(path, file(path), 'any');
            // How it is refused is the business of other scenarios.
            return filesystem.put(path, file('never'), 'absent').catch(() => {});
          }),
        );
        for (const path of paths.filter((it) => it !== there)) {
          checkEqual(await context.text(path), path, `what is at ${path}`);
        }
      }
    },
  ),
];
