import { BY_DESCRIPTOR } from '../../src/tree/by-descriptor.ts';
import { BY_PATH_CHECKS } from '../../src/tree/by-path-checks.ts';
import type { Containment } from '../../src/tree/containment.ts';

/** Every way of containment that works on this machine; path checks work on all. */
export const CONTAINMENTS: readonly Containment[] =
  process.platform === 'linux' ? [BY_DESCRIPTOR, BY_PATH_CHECKS] : [BY_PATH_CHECKS];
