import { SCENARIOS } from '../../../src/index.ts';

/**
 * The ids of scenarios that an id or a pattern stands for, in which `*` is any text.
 *
 * @throws Error when it stands for none
 */
export function expand(pattern: string): string[] {
  const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
  const matching = new RegExp(`^${parts.join('.*')}$`);
  const ids = SCENARIOS.map(({ id }) => id).filter((id) => matching.test(id));
  if (ids.length === 0) throw new Error(`no scenario is called ${pattern}`);
  return ids;
}
