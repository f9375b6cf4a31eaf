import type { Capabilities } from './capabilities.ts';

/** The capabilities that bound a commit. */
export const COMMIT_LIMITS = ['maxCommitChanges', 'maxCommitBytes'] as const;

/** Whether a value is a limit that a backend with commits can claim; nothing else is one. */
export function isCommitLimit(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

/** What is claimed where nothing but the five methods is. */
export const WITHOUT_PLANES: Pick<Capabilities, 'planes' | (typeof COMMIT_LIMITS)[number]> = Object.freeze({
  planes: Object.freeze([]),
  maxCommitChanges: 0,
  maxCommitBytes: 0,
});
