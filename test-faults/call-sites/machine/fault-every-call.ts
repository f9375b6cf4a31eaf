import type { TestContext } from 'vitest';
import { full } from '../../figures/how-many.ts';
import { noteFigures } from '../../figures/note-figures.ts';
import type { Calls, FaultPlan, Site } from './calls.ts';
import { OPERATIONS } from './operations.ts';
import type { Operation, Store } from './stage.ts';
import { Tally } from './tally.ts';
import { Trial, type TrialParts } from './trial.ts';

/** How many calls behind the first a second one fails, at most. */
const MOST_BEHIND = 2;

/** The short form makes one trial of this many. */
const SHORT = 10;

/** What is put under faults. */
export interface Subject {
  /** The backend, as the table names it. */
  readonly where: string;
  readonly store: Store;
  readonly calls: Calls;
  /** The deadline of each call, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * Makes every backend call of every operation fail, in every way its driver may, before and after it has done what it does: by
 * itself, with another that follows, and with all that follow. After each, with nothing failing any more: no call hangs, every
 * error is typed and shows nothing of the driver's, what was acknowledged is there and what was refused is not, all or
 * nothing of it, the same instance goes on working, and nothing is left behind.
 *
 * @returns what must not have happened, in words
 */
export async function faultEveryCall(context: TestContext, subject: Subject): Promise<readonly string[]> {
  const { where, store, calls, deadlineMs } = subject;
  const tally = new Tally();
  const parts: TrialParts = { store, calls, tally, deadlineMs };
  let directories = 0;
  // Not the same ones of every backend.
  let planned = where.length;
  const run = async (operation: Operation, plan: FaultPlan | 'no faults'): Promise<void> => {
    directories += 1;
    await Trial.run(parts, `/${directories}`, operation, plan);
  };
  /** Makes a trial, unless the short form leaves it out; answers whether as many calls have failed as might have. */
  const attempt = async (operation: Operation, plan: FaultPlan): Promise<boolean> => {
    planned += 1;
    if (!full && planned % SHORT !== 0) return true;
    await run(operation, plan);
    tally.add('trials');
    return calls.failed.length > (typeof plan.again === 'number' ? 1 : 0);
  };
  for (const operation of OPERATIONS.filter((it) => isPossible(it, store))) {
    await run(operation, 'no faults');
    const sites: readonly Site[] = [...calls.made];
    tally.add('call sites', sites.length);
    for (const [index, site] of sites.entries()) {
      for (const when of ['before', 'after'] as const) {
        for (let way = 0; way < site[when]; way += 1) {
          const plan = { nth: index + 1, when, way } as const;
          await attempt(operation, { ...plan, again: 'never' });
          for (let again = 1; again <= MOST_BEHIND; again += 1) {
            if (!(await attempt(operation, { ...plan, again }))) break;
          }
          await attempt(operation, { ...plan, again: 'always' });
        }
      }
    }
  }
  noteFigures(context, { promise: 'a fault at every call site', where, counts: tally.counts });
  return tally.problems;
}

function isPossible({ needs }: Operation, { instances: [first], owner, open }: Store): boolean {
  const { cas, planes } = first.capabilitiesAt('/');
  if (needs === 'versions') return cas === 'versioned';
  if (needs === 'commits') return planes.includes('atomic-commit');
  if (needs === 'opening') return open !== undefined;
  return needs !== 'owner' || owner !== undefined;
}
