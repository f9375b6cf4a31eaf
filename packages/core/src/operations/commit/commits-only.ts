import type { Capabilities } from '../../capabilities/capabilities.ts';

/**
 * Makes a call with a filesystem that is known to have no commits a compile error. One whose capabilities are only known
 * at run time passes, and is gated then.
 */
export type CommitsOnly<C extends Capabilities> = 'versioned' extends C['cas']
  ? 'atomic-commit' extends C['planes'][number]
    ? unknown
    : { readonly 'this needs a filesystem with the plane "atomic-commit"': never }
  : { readonly 'this needs a filesystem with cas: "versioned"': never };
