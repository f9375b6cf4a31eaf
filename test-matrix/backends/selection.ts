import { BACKENDS, type Backend } from './index.ts';

/** Names the backends to leave out, by id, with commas between them. */
const VARIABLE = 'HOLDFAST_MATRIX_WITHOUT';

/** The backends of a run, and those that were left out of it on purpose. */
export interface Selection {
  readonly selected: readonly Backend[];
  readonly leftOut: readonly Backend[];
}

/**
 * Applies `HOLDFAST_MATRIX_WITHOUT`, a list of ids such as `postgres,libsql-remote`. Without it every backend is
 * selected.
 *
 * @throws Error for an id that no backend has, since it would leave out nothing in silence; and when none is left
 */
export function selectBackends(environment: NodeJS.ProcessEnv = process.env): Selection {
  const ids = (environment[VARIABLE] ?? '').split(',').flatMap((id) => id.trim() || []);
  const unknown = ids.filter((id) => !BACKENDS.some((backend) => backend.id === id));
  const known = BACKENDS.map(({ id }) => id).join(', ');
  if (unknown.length > 0) throw new Error(`${VARIABLE} names ${unknown.join(', ')}; there are only ${known}`);
  const selected = BACKENDS.filter(({ id }) => !ids.includes(id));
  if (selected.length === 0) throw new Error(`${VARIABLE} leaves no backend to test`);
  return { selected, leftOut: BACKENDS.filter(({ id }) => ids.includes(id)) };
}
