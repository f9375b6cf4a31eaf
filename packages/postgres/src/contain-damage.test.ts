import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { refusal } from '../test/support/rejection.ts';
import { openPostgres } from './open-postgres.ts';

/** AuthenticationOk, and a DataRow of one column that ends before the column does. */
const DAMAGED = Buffer.from('R\0\0\0\x08\0\0\0\0D\0\0\0\x06\0\x01', 'latin1');

test('an answer that the driver cannot take apart ends its connection, and not the process', async () => {
  let ended = 0;
  await using server = createServer((socket) => {
    socket.once('data', () => void socket.write(DAMAGED));
    socket.on('error', () => {}).on('close', () => void (ended += 1));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = { host: '127.0.0.1', port, user: 'nobody', password: 'x' };
  expect(await refusal(openPostgres({ config }))).toBe('UNAVAILABLE');
  await expect.poll(() => ended).toBe(1);
});
