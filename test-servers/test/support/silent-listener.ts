import { createServer, type Socket } from 'node:net';
import { freePort } from '../../src/process/free-port.ts';

/** Listens at a port of 127.0.0.1 until the end of the scope, and keeps whoever connects waiting. */
export async function silentListener(): Promise<AsyncDisposable & { readonly port: number }> {
  const connections = new Set<Socket>();
  const server = createServer((it) => void connections.add(it));
  const port = await freePort();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const close = () => {
    for (const it of connections) it.destroy();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  };
  return { port, [Symbol.asyncDispose]: close };
}
