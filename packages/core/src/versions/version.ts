declare const versionBrand: unique symbol;

/**
 * The opaque token of one write: unique for all time, never reused, JSON-safe, and compared only for equality.
 */
export type Version = string & { readonly [versionBrand]: 'Version' };

// Printable ASCII without the space. Far more than our own 36 characters, so that a version minted by a later
// release still parses.
const VERSION = /^[!-~]{1,128}$/;

/** Whether a value has the form of a version. It says nothing about whether the write ever happened. */
export function isVersion(value: unknown): value is Version {
  return typeof value === 'string' && VERSION.test(value);
}

/**
 * Mints the version of one write: a random (version 4) UUID. 122 random bits make a repetition across
 * processes, reopens and recreations a practical impossibility without any coordination.
 */
export function mintVersion(): Version {
  return crypto.randomUUID() as string as Version;
}
