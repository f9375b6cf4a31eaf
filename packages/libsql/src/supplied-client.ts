import { randomBytes } from 'node:crypto';
import { HoldfastError } from '@holdfast/core';
import type { LibsqlClient } from './client.ts';
import { libsqlError } from './errors.ts';

/**
 * Checks that a client in memory has one database. With some URLs every connection of a client is to a database
 * of its own, and which of them a statement gets is a matter of chance.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export async function checkSingleDatabase(client: LibsqlClient): Promise<void> {
  const probe = `holdfast_probe_${randomBytes(8).toString('hex')}`;
  // Told apart by a table that is temporary, hence the connection's own. Asked at once, so that a client that
  // has several connections uses two.
  const ask = async (): Promise<number> => {
    const { rows } = await client.execute({
      sql: 'select count(*) as found from temp.sqlite_master where name = ?',
      args: [probe],
    });
    return Number(rows[0]?.['found']);
  };
  try {
    await client.executeMultiple(`create temp table ${probe} (id integer)`);
    let found: readonly number[];
    try {
      found = await Promise.all([ask(), ask()]);
    } finally {
      await client.executeMultiple(`drop table if exists temp.${probe}`);
    }
    if (found[0] === found[1]) return;
  } catch (error) {
    throw libsqlError(error);
  }
  throw new HoldfastError('INVALID_ARGUMENT', 'every connection of the client has a database of its own');
}
