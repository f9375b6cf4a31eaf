import type { FileCalls } from '../calls/file-calls.ts';
import { unless } from '../calls/errno.ts';
import { rootGone } from '../refusals.ts';
import { BY_DESCRIPTOR } from './by-descriptor.ts';
import { BY_PATH_CHECKS } from './by-path-checks.ts';
import type { Containment } from './containment.ts';
import type { Root } from './root.ts';

// The platforms whose kernel is Linux. Elsewhere a `/proc` may exist that does not lead through descriptors.
const LINUX: ReadonlySet<string> = new Set(['linux', 'android']);

/** Answers that there is no `/proc`, or that the permissions this process was started with leave it out. */
const NO_PROC: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR', 'ERR_ACCESS_DENIED']);

// A root that is moved away and back between two looks would otherwise weaken what it is opened with.
const LOOKS = 3;

/**
 * The strongest containment that works here: by descriptor where `/proc` shows the root to be where it is. The weaker
 * one only for a definite answer: another platform, no `/proc`, one that the process may not read by Node's permission
 * model, or one that knows the root by another path. Every other failure is thrown, since it may pass, and the choice
 * does not.
 *
 * @throws HoldfastError `UNAVAILABLE` when the root is moved meanwhile
 */
export async function chooseContainment(calls: FileCalls, { place }: Root): Promise<Containment> {
  if (!LINUX.has(process.platform)) return BY_PATH_CHECKS;
  for (let look = 0; look < LOOKS; look += 1) {
    const holds = await unless(NO_PROC, BY_DESCRIPTOR.holds(calls, place));
    if (holds === true) return BY_DESCRIPTOR;
    if (!(await BY_PATH_CHECKS.holds(calls, place))) throw rootGone();
  }
  return BY_PATH_CHECKS;
}
