import { HoldfastError } from '@holdfast/core';
import type { SqlitePromises } from './capabilities.ts';
import type { DatabaseFacts } from './pragmas.ts';
import { hasWalResetBug } from './wal-reset.ts';

const FULL = 2;
const EXTRA = 3;

/** What takes SQLite's locks away, or puts other code in the place of what it does with files. */
const UNSAFE: ReadonlySet<string> = new Set(['immutable', 'nolock', 'vfs']);

/**
 * What can be promised on a connection that somebody else set up, and goes on being true while they leave its
 * pragmas and the functions of SQLite alone.
 *
 * @throws HoldfastError `UNSUPPORTED` when not even atomic writes, our order or our listings can be; `INVALID_ARGUMENT`
 * when it was opened without locks
 */
export function promisesOf(facts: DatabaseFacts): SqlitePromises {
  checkEncoding(facts.encoding);
  const [replaced] = facts.replacedFunctions;
  if (replaced !== undefined)
    throw unsupported(`the function ${replaced} of SQLite was defined anew on the connection`);
  const unsafe = facts.uriParameters.find((name) => UNSAFE.has(name));
  if (unsafe !== undefined) {
    throw new HoldfastError('INVALID_ARGUMENT', `database must not be opened by a URI that sets ${unsafe}`);
  }
  if (facts.journalMode === 'off') throw unsupported('without a journal, a failed write cannot be undone');
  if (!facts.inFile) return { durability: 'none', sharing: 'instance' };
  // A crash would leave half a write behind, which others might see.
  if (facts.journalMode === 'memory') throw unsupported('a journal in memory does not survive a crash');
  return { durability: durabilityOf(facts), sharing: sharingOf(facts) };
}

/**
 * Checks the encoding of a database, which decides its order.
 *
 * @throws HoldfastError `UNSUPPORTED`
 */
export function checkEncoding(encoding: string): void {
  if (encoding !== 'UTF-8') throw unsupported('the database must be encoded in UTF-8, which paths are ordered by');
}

function durabilityOf({ journalMode, synchronous, fullSync }: DatabaseFacts): SqlitePromises['durability'] {
  // A rollback journal is deleted to commit, and only "extra" syncs the directory that it was in.
  const needed = journalMode === 'wal' ? FULL : EXTRA;
  return synchronous >= needed && fullSync ? 'power-loss' : 'process-crash';
}

function sharingOf({ journalMode, sqliteVersion, exclusiveLocking }: DatabaseFacts): SqlitePromises['sharing'] {
  if (exclusiveLocking) return 'instance';
  return journalMode === 'wal' && hasWalResetBug(sqliteVersion) ? 'instance' : 'host';
}

function unsupported(message: string): HoldfastError {
  return new HoldfastError('UNSUPPORTED', message, { operation: 'open' });
}
