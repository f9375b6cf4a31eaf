import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { kindOf } from '../errors/kind-of.ts';
import { readArray, readOptions } from '../filesystem/check-options.ts';
import type { Capabilities, Plane } from './capabilities.ts';
import { COMMIT_LIMITS } from './commit-limits.ts';
import { PLANES } from './define-capabilities.ts';

/** What a backend must promise at least. What is left out, or `false`, is not required. */
export type Requirements = { readonly [Field in keyof Capabilities]?: Capabilities[Field] | undefined };

/** From the least to the most: who promises one also keeps those before it. */
const SCALES = {
  cas: ['none', 'create-only', 'versioned'],
  paths: ['tree', 'prefix'],
  durability: ['none', 'process-crash', 'power-loss'],
  sharing: ['instance', 'process', 'host', 'network'],
  records: [false, true],
  indexed: [false, true],
  contentTypes: [false, true],
  conditionalDelete: [false, true],
} as const satisfies { [Field in keyof Capabilities]?: readonly Capabilities[Field][] };

const LIMITS = ['maxBodyBytes', 'maxPathBytes', ...COMMIT_LIMITS] as const;

const FIELDS = [...(Object.keys(SCALES) as (keyof typeof SCALES)[]), ...LIMITS, 'planes'] as const;

/** Whether a name is one of a capability. */
export function isCapability(name: string): name is keyof Capabilities {
  return (FIELDS as readonly string[]).includes(name);
}

/**
 * Checks that requirements are well-formed, and gives a copy.
 *
 * @param name what they are called in messages
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseRequirements(name: string, value: unknown): Requirements {
  const requires: { -readonly [Field in keyof Capabilities]?: unknown } = { ...readOptions(name, value, FIELDS) };
  for (const [field, scale] of Object.entries(SCALES)) {
    const needed = requires[field as keyof typeof SCALES];
    if (needed !== undefined && !(scale as readonly unknown[]).includes(needed)) {
      throw invalidArgument(`${name}.${field}`, `one of ${scale.join(', ')}`, needed);
    }
  }
  for (const field of LIMITS) {
    const needed = requires[field];
    if (needed !== undefined && !(Number.isSafeInteger(needed) && (needed as number) >= 0)) {
      throw invalidArgument(`${name}.${field}`, 'a whole number', needed);
    }
  }
  if (requires.planes !== undefined) {
    requires.planes = readArray(`${name}.planes`, requires.planes);
    if (!(requires.planes as readonly Plane[]).every((plane) => PLANES.includes(plane))) {
      throw invalidArgument(`${name}.planes`, `an array of ${PLANES.join(', ')}`, requires.planes);
    }
  }
  return requires as Requirements;
}

/**
 * Refuses a backend that promises less than is required.
 *
 * @throws HoldfastError `UNSUPPORTED`, whose message names every shortfall
 */
export function requireCapabilities(claimed: Capabilities | undefined, requires: Requirements, path: string): void {
  const shortfalls = shortfallsOf(claimed, requires);
  const [first] = shortfalls;
  if (first === undefined) return;
  const list = shortfalls.map(({ text }) => text).join('; ');
  throw new HoldfastError('UNSUPPORTED', `what is mounted does not promise what the mount requires: ${list}`, {
    path,
    capability: first.field,
  });
}

interface Shortfall {
  readonly field: keyof Capabilities;
  readonly text: string;
}

function shortfallsOf(claimed: Capabilities | undefined, requires: Requirements): Shortfall[] {
  const short = (field: keyof Capabilities, needed: unknown): Shortfall => ({
    field,
    text: `${field} must be ${String(needed)} and is ${shown(claimed?.[field])}`,
  });
  const scales = Object.entries(SCALES).flatMap(([name, scale]) => {
    const field = name as keyof typeof SCALES;
    const needed = requires[field];
    const steps = scale as readonly unknown[];
    return needed === undefined || needed === false || steps.indexOf(claimed?.[field]) >= steps.indexOf(needed)
      ? []
      : [short(field, needed)];
  });
  const limits = LIMITS.flatMap((field) => {
    const needed = requires[field];
    const promised: unknown = claimed?.[field];
    const enough = needed === undefined || (typeof promised === 'number' && promised >= needed);
    return enough ? [] : [short(field, `at least ${needed}`)];
  });
  const promised: unknown = claimed?.planes;
  const planes = (requires.planes ?? []).filter((plane) => !Array.isArray(promised) || !promised.includes(plane));
  return [...scales, ...limits, ...(planes.length === 0 ? [] : [short('planes', planes.join(', '))])];
}

/** What an adapter claims, which may be anything. */
function shown(claim: unknown): string {
  if (Array.isArray(claim))
    return claim.every((each) => typeof each === 'string') ? `[${claim.join(', ')}]` : 'an array';
  const isScalar = typeof claim === 'string' || typeof claim === 'number' || typeof claim === 'boolean';
  return isScalar ? String(claim) : kindOf(claim);
}
