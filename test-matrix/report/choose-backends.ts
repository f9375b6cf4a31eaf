import type { Backend } from '../backends/index.ts';
import type { LeftOut } from './matrix-report.ts';

/** Which backends were asked for. Ids, in any order. */
export interface Choice {
  /** Only these; all when it is not given. */
  readonly only?: readonly string[] | undefined;
  readonly without?: readonly string[] | undefined;
}

/** What runs and what does not, both in the order of the registry. */
export interface Chosen {
  readonly backends: readonly Backend[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Applies a choice to the registry, from which `HOLDFAST_MATRIX_WITHOUT` has left out `outByEnvironment`.
 *
 * @throws Error when an id names no backend, or when nothing would be left to run: a run that proves nothing must
 * not look like one that passed
 */
export function chooseBackends(
  registry: readonly Backend[],
  choice: Choice,
  outByEnvironment: readonly Backend[] = [],
): Chosen {
  const { only, without = [] } = choice;
  const known = registry.map(({ id }) => id);
  const unknown = [...(only ?? []), ...without].filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new Error(`no backend is called ${unknown.join(', ')}; there are: ${known.join(', ')}`);
  }
  const by = (id: string): LeftOut['by'] | undefined => {
    if (without.includes(id)) return '--without';
    if (outByEnvironment.some((it) => it.id === id)) return 'HOLDFAST_MATRIX_WITHOUT';
    return only === undefined || only.includes(id) ? undefined : '--only';
  };
  const leftOut = registry.flatMap(({ id, name }) => {
    const reason = by(id);
    return reason === undefined ? [] : [{ id, name, by: reason }];
  });
  const backends = registry.filter(({ id }) => by(id) === undefined);
  if (backends.length === 0) throw new Error('no backend is left to run');
  return { backends, leftOut };
}
