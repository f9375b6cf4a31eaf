/** The most changes of one commit: as many as the entries of one page. */
const MAX_COMMIT_CHANGES = 1000;

/** The most bytes of all bodies of one commit, in bytes: 16 MiB, as much as the longest body has by default. */
const MAX_COMMIT_BYTES: number = 16 * 1024 * 1024;

/**
 * The limits of a commit where bodies may be so long: the longest of them can be put in a commit too.
 *
 * @param maxCommitBytes by default {@link MAX_COMMIT_BYTES}
 */
export function commitLimits(
  maxBodyBytes: number,
  maxCommitBytes: number = MAX_COMMIT_BYTES,
): { readonly maxCommitChanges: number; readonly maxCommitBytes: number } {
  return { maxCommitChanges: MAX_COMMIT_CHANGES, maxCommitBytes: Math.max(maxCommitBytes, maxBodyBytes) };
}
