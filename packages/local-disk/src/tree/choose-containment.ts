import type { FileCalls } from '../calls/file-calls.ts';
import { BY_DESCRIPTOR } from './by-descriptor.ts';
import { BY_PATH_CHECKS } from './by-path-checks.ts';
import type { Containment } from './containment.ts';
import { Directory } from './directory.ts';
import type { Root } from './root.ts';

// The platforms whose kernel is Linux. Elsewhere a `/proc` may exist that does not lead through descriptors.
const LINUX: ReadonlySet<string> = new Set(['linux', 'android']);

/** The strongest containment that works here: by descriptor where `/proc` shows the root to be where it is. */
export async function chooseContainment(calls: FileCalls, root: Root): Promise<Containment> {
  if (!LINUX.has(process.platform)) return BY_PATH_CHECKS;
  try {
    const directory = await Directory.open({ calls, containment: BY_DESCRIPTOR, root }, root.host, '/', root.host);
    await directory?.close();
    return directory === undefined ? BY_PATH_CHECKS : BY_DESCRIPTOR;
  } catch {
    return BY_PATH_CHECKS;
  }
}
