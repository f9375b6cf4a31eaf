/**
 * Whether a value is an error whose name and message are text, whoever made it. By its shape: `instanceof` denies the
 * errors of another realm, which test runners have and native drivers throw, and so does `Error.isError` those that
 * better-sqlite3 and libsql put together themselves. Never throws: what throws when it is looked at is none.
 */
export function isError(value: unknown): value is Error {
  try {
    if (typeof value !== 'object' || value === null) return false;
    const { name, message } = value as { readonly [Key in keyof Error]?: unknown };
    // Not read: it is put into words when somebody does.
    return typeof name === 'string' && typeof message === 'string' && 'stack' in value;
  } catch {
    return false;
  }
}
