import type { Capabilities } from '../capabilities/capabilities.ts';
import { isHoldfastError } from '../errors/holdfast-error.ts';
import { restated } from '../errors/restated.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { VirtualPath } from '../paths/virtual-path.ts';
import type { Update } from './update-observer.ts';

/** What is promised at a path; what keeps that from being told is an error of the update. */
export function claimsOf<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  operation: Update['name'],
  path: VirtualPath,
): C {
  try {
    return filesystem.capabilitiesAt(path);
  } catch (thrown) {
    if (!isHoldfastError(thrown)) throw thrown;
    throw restated(thrown, { operation, path });
  }
}
