import type { Pool } from 'pg';

/** What the server says of its durability. */
export async function postgresDurability(pool: Pool): Promise<string> {
  const names = ['fsync', 'synchronous_commit', 'full_page_writes'];
  const { rows } = await pool.query<Record<string, string>>(
    `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
  );
  return names.map((name) => `${name} ${rows[0]?.[name]}`).join(', ');
}
