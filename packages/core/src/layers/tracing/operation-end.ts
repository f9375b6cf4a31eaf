import { isHoldfastError } from '../../errors/holdfast-error.ts';
import type { OperationMessage } from './operation-message.ts';

/** How an operation ended. */
export type OperationEnd = Partial<
  Pick<OperationMessage, 'code' | 'outcome' | 'returned' | 'changes' | 'attempts' | 'conflicts'>
>;

/** Whether an operation that ended so has failed. A lost race inside an update is part of its work. */
export function hasFailed({ code, outcome }: OperationEnd): boolean {
  return code !== undefined && outcome !== 'conflict';
}

/** The end of an operation that threw this. Nothing of it is told but its code and outcome. */
export function failure(thrown: unknown): OperationEnd {
  try {
    if (!isHoldfastError(thrown)) return { code: '_OTHER' };
    const { code, outcome } = thrown;
    return { code, outcome };
  } catch {
    // It throws when it is looked at, which is for the caller to find out.
    return { code: '_OTHER' };
  }
}
