import pg from 'pg';

/** A pool, and the texts of the statements that were sent on it. */
export function makeNotingPool(config: pg.PoolConfig): { readonly pool: pg.Pool; readonly texts: string[] } {
  const texts: string[] = [];
  const pool = new pg.Pool(config);
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (sent: unknown, ...rest: unknown[]) => unknown;
    const noting = (sent: unknown, ...rest: unknown[]): unknown => {
      texts.push((sent as { readonly text: string }).text);
      return query(sent, ...rest);
    };
    Object.assign(client, { query: noting });
  });
  return { pool, texts };
}
