import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the ranges that Linux (from 32768) and macOS (from 49152) choose from for outgoing connections: while a
 * killed server is down, no client may be given its port by chance.
 */
const range = { from: 20_000, to: 32_000 } as const;

/**
 * A port of 127.0.0.1 that nothing listened on a moment ago. Somebody may take it before a server does, so
 * whoever uses it must be ready to ask for another one.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(range.from, range.to);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
