import type { Capabilities } from './capabilities.ts';

/**
 * Capabilities of another filesystem with some of them changed. As long as that filesystem answers the same claims, the
 * same object is given; when a claim changes, also within one object, what is given changes with it.
 */
export class AdaptedCapabilities<C extends Capabilities> {
  readonly #adapted = new WeakMap<C, C>();

  /** The claims with these changes, frozen. */
  of(claimed: C, changes: Partial<Capabilities>): C {
    const now: C = Object.freeze({ ...claimed, ...changes });
    const before = this.#adapted.get(claimed);
    if (before !== undefined && sameFields(before, now)) return before;
    this.#adapted.set(claimed, now);
    return now;
  }
}

function sameFields<T extends object>(one: T, other: T): boolean {
  const fields = Object.keys(one) as (keyof T)[];
  return fields.length === Object.keys(other).length && fields.every((field) => Object.is(one[field], other[field]));
}
