/** The value of an environment variable; `undefined` if it is not set or empty, which mean the same. */
export function environmentVariable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}
