import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { checkInteger, checkKeys } from '../filesystem/check-options.ts';
import { MAX_PATH_BYTES } from '../paths/virtual-path.ts';
import type { Capabilities, Plane } from './capabilities.ts';
import { COMMIT_LIMITS, isCommitLimit } from './commit-limits.ts';

const CHOICES = {
  cas: ['versioned', 'create-only', 'none'],
  records: [true, false],
  indexed: [true, false],
  contentTypes: [true, false],
  conditionalDelete: [true, false],
  paths: ['prefix', 'tree'],
  durability: ['none', 'process-crash', 'power-loss'],
  sharing: ['instance', 'process', 'host', 'network'],
} as const satisfies { [K in keyof Capabilities]?: readonly Capabilities[K][] };

/** Every plane there is. */
export const PLANES: readonly Plane[] = ['atomic-commit', 'event-log', 'query', 'watch'];

const FIELDS: readonly string[] = [...Object.keys(CHOICES), 'maxBodyBytes', 'maxPathBytes', ...COMMIT_LIMITS, 'planes'];

/** What {@link defineCapabilities} takes. */
export type CapabilitiesInput<C extends Capabilities = Capabilities> = Omit<C, DefaultedCapability> & {
  /** By default 1,024, the longest path there is. */
  readonly maxPathBytes?: number;
  /** Needed with the plane `atomic-commit`; 0 without it. */
  readonly maxCommitChanges?: number;
  /** Needed with the plane `atomic-commit`; 0 without it. */
  readonly maxCommitBytes?: number;
};

type DefaultedCapability = 'maxPathBytes' | (typeof COMMIT_LIMITS)[number];

/**
 * Checks that capabilities are complete and consistent and freezes them. Adapters call it once, when they open.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when a field is missing or unknown; when records, an indexed projection,
 * conditional deletes or the plane `atomic-commit` are claimed without `cas: 'versioned'`; or when that plane is claimed
 * without its two limits, or they without it
 */
export function defineCapabilities<const C extends CapabilitiesInput>(
  capabilities: C,
): C & Pick<Capabilities, DefaultedCapability> {
  if (typeof capabilities !== 'object' || capabilities === null) {
    throw invalidArgument('capabilities', 'an object', capabilities);
  }
  checkKeys('capabilities', capabilities, FIELDS);
  for (const [field, choices] of Object.entries(CHOICES)) {
    const value = capabilities[field as keyof typeof CHOICES];
    if (!(choices as readonly unknown[]).includes(value)) {
      throw invalidArgument(`capabilities.${field}`, `one of ${choices.join(', ')}`, value);
    }
  }
  if (!Number.isSafeInteger(capabilities.maxBodyBytes) || capabilities.maxBodyBytes < 1) {
    throw invalidArgument('capabilities.maxBodyBytes', 'a positive integer', capabilities.maxBodyBytes);
  }
  const maxPathBytes = checkInteger('capabilities.maxPathBytes', capabilities.maxPathBytes, {
    min: 1,
    max: MAX_PATH_BYTES,
    fallback: MAX_PATH_BYTES,
  });
  const { planes } = capabilities;
  if (!isArray(planes) || !planes.every((plane) => PLANES.includes(plane))) {
    throw invalidArgument('capabilities.planes', `an array of ${PLANES.join(', ')}`, planes);
  }
  for (const field of ['records', 'indexed', 'conditionalDelete'] as const) {
    if (capabilities[field] && capabilities.cas !== 'versioned') {
      throw new HoldfastError('INVALID_ARGUMENT', `capabilities.${field} needs cas: 'versioned'`);
    }
  }
  const commits = planes.includes('atomic-commit');
  if (commits && capabilities.cas !== 'versioned') {
    throw new HoldfastError('INVALID_ARGUMENT', "capabilities.planes: atomic-commit needs cas: 'versioned'");
  }
  for (const field of COMMIT_LIMITS) checkCommitLimit(`capabilities.${field}`, capabilities[field], commits);
  const { maxCommitChanges = 0, maxCommitBytes = 0 } = capabilities;
  const limits = { maxPathBytes, maxCommitChanges, maxCommitBytes };
  return Object.freeze({ ...capabilities, ...limits, planes: Object.freeze([...planes]) });
}

function checkCommitLimit(name: string, value: unknown, commits: boolean): void {
  if (commits ? isCommitLimit(value) : value === undefined || value === 0) return;
  throw invalidArgument(name, commits ? 'a positive integer with the plane atomic-commit' : '0 without it', value);
}

/** `Array.isArray`, without losing the type of the elements. */
function isArray(value: readonly Plane[]): boolean {
  return Array.isArray(value);
}
