/** Run by workerd. Prints what became of what needs nothing of the system, one JSON text a line. */
import { PORTABLE } from './portable.ts';
import type { Result } from './result.ts';
import { exercise } from './steps.ts';

/** An entry point of workerd. */
export const adapters = {
  async test(): Promise<void> {
    for (const [column, open] of Object.entries(PORTABLE)) {
      const result: Result = { column, problem: undefined };
      try {
        await exercise(open());
      } catch (error) {
        result.problem = String(error);
      }
      console.log(JSON.stringify(result));
    }
  },
};
