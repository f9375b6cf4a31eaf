import type { Capabilities } from '../capabilities/capabilities.ts';

/**
 * Makes a call with a filesystem that is known to take no versioned records a compile error. One whose capabilities are
 * only known at run time passes.
 */
export type RecordsOnly<C extends Capabilities> = 'versioned' extends C['cas']
  ? true extends C['records']
    ? unknown
    : { readonly 'this needs a filesystem that takes records': never }
  : { readonly 'this needs a filesystem with cas: "versioned"': never };
