import { expect, test } from 'vitest';
import { startLibsqlServer } from '../src/index.ts';
import { execute } from './support/libsql.ts';

// Enough pages for many checkpoints, and enough writers that some wait for their turn during each.
const WRITERS = 40;
const ROUNDS = 20;

test('many that write at once do not stop the server from writing', async () => {
  await using server = await startLibsqlServer({ only: 'binary' });
  await execute(server, 'CREATE TABLE written (key TEXT PRIMARY KEY, body BLOB)');
  for (let round = 0; round < ROUNDS; round += 1) {
    const writes = Array.from({ length: WRITERS }, (_, writer) =>
      execute(server, `INSERT INTO written VALUES ('${round}/${writer}', zeroblob(200000))`),
    );
    for (const { status } of await Promise.all(writes)) expect(status).toBe(200);
  }
}, 25_000);
