import { HoldfastError } from '../errors/holdfast-error.ts';
import { oldNode } from './old-node.ts';

// Runs before anything else of a package of Holdfast does, and so before a driver is loaded: some of them crash there.
const old = oldNode(globalThis.process?.versions);
if (old !== undefined) throw new HoldfastError('UNSUPPORTED', old);
