import { parseArgs } from 'node:util';
import { DEFAULT_EFFORT } from '../measure/effort.ts';

/** What a run was asked for. */
export interface Arguments {
  readonly json: boolean;
  /** Whether the page of figures is written anew. */
  readonly page: boolean;
  readonly only: RegExp;
  readonly budgetMs: number;
}

/**
 * Reads the arguments of a run.
 *
 * @throws Error that says what is wrong with them
 */
export function parseArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      page: { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      seconds: { type: 'string', default: String(DEFAULT_EFFORT.budgetMs / 1000) },
    },
  });
  const seconds = Number(values.seconds);
  if (!(seconds > 0)) throw new Error(`--seconds takes a number of seconds for each figure, not ${values.seconds}`);
  if (values.page && values.only !== '') throw new Error('--page writes all figures, so there is no --only with it');
  return { json: values.json, page: values.page, only: new RegExp(values.only), budgetMs: seconds * 1000 };
}
