/**
 * Whether a release of SQLite can damage a database in write-ahead mode that several connections use: its reset
 * of the log races with a checkpoint. Fixed in 3.51.3 and later, and in 3.50.7 and 3.44.6 of the older lines;
 * see https://sqlite.org/wal.html#walresetbug.
 */
export function hasWalResetBug(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  if (major !== 3) return !(major > 3);
  if (minor >= 52) return false;
  const fixed = FIXED_IN[minor];
  return fixed === undefined || patch < fixed;
}

const FIXED_IN: Readonly<Record<number, number>> = { 44: 6, 50: 7, 51: 3 };
