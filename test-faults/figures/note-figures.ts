import type { TestContext } from 'vitest';

/** What was counted while a promise was tested on one backend: a row of the table that ends the run. */
export interface Figures {
  /** What is promised, in a few words, such as `killed processes`. Rows with the same words stand together. */
  readonly promise: string;
  /** The backend, by its name in the matrix, or what else was tested. */
  readonly where: string;
  /** What was counted, in the order of the table: `{ kills: 50, acknowledged: 10_211, lost: 0 }`. */
  readonly counts: Readonly<Record<string, number>>;
}

declare module 'vitest' {
  interface TaskMeta {
    figures?: Figures[];
  }
}

/**
 * Adds a row to the table that ends the run. Call it before what is expected of the counts, so that a failure is in the
 * table too.
 */
export function noteFigures({ task }: Pick<TestContext, 'task'>, figures: Figures): void {
  (task.meta.figures ??= []).push(figures);
}
