import { ContractViolation } from '../support/check.ts';

/** The longest part of an answer that is shown, in characters, and how much of what both begin with is shown before it. */
const MOST_SHOWN = 1000;
const SHOWN_BEFORE = 100;

/** What one backend answered to an operation, and the answers that are right for its capabilities and its entries. */
export interface Answer {
  readonly id: string;
  readonly given: string;
  /** What was thrown, where the answer is an error. */
  readonly thrown?: unknown;
  readonly right: readonly string[];
}

/** That a backend answered what it may not have. */
export class Difference extends ContractViolation {
  /** The step of the sequence, from 1. */
  readonly step: number;

  constructor(step: number, message: string, cause: unknown) {
    super(message, { cause });
    this.step = step;
  }
}

/**
 * Compares the answers of all backends. Where more than one answer is right, those for which the same ones are have
 * to agree on it.
 *
 * @throws Difference that names the first backend that differs, from which, and both answers
 */
export function compareAnswers(
  { operation, promise }: { readonly operation: string; readonly promise: string },
  step: number,
  answers: readonly Answer[],
): void {
  for (const answer of answers) {
    const { id, given, right } = answer;
    const alike = answers.filter((other) => other !== answer && other.right.join('\n') === right.join('\n'));
    const rightly = alike.filter((other) => other.right.includes(other.given));
    const agreed = rightly.find((other) => other.given !== given)?.given;
    if (right.includes(given) && agreed === undefined) continue;
    const from = rightly.length === 0 ? 'the model' : rightly.map((other) => other.id).join(', ');
    throw new Difference(
      step,
      [
        `${id} differs from ${from} at step ${step}: ${operation}`,
        `  ${id} answered: ${around(given, agreed ?? right[0])}`,
        `  ${from} answered: ${(agreed === undefined ? right : [agreed]).map((it) => around(it, given)).join('\n  or: ')}`,
        ...(rightly.length === 0 && alike.length > 0
          ? ['  and the model is alone: no backend of the same capabilities agrees with it']
          : []),
        `  the contract: ${promise}`,
      ].join('\n'),
      answer.thrown,
    );
  }
}

/** An answer or, of one that is long, the part around where it begins to differ from another. */
function around(answer: string, other = ''): string {
  if (answer.length <= MOST_SHOWN) return answer;
  let alike = 0;
  while (alike < answer.length && answer[alike] === other[alike]) alike += 1;
  const from = Math.max(0, Math.min(alike - SHOWN_BEFORE, answer.length - MOST_SHOWN));
  const to = from + MOST_SHOWN;
  return `${from > 0 ? '… ' : ''}${answer.slice(from, to)}${to < answer.length ? ' …' : ''}`;
}
