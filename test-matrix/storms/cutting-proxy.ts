import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between clients and a server, and ends all connections again and again. */
export interface CuttingProxy extends AsyncDisposable {
  /** Where it is: host and port. */
  readonly host: string;
  /** How many connections it has ended. */
  readonly cut: () => number;
}

/**
 * Starts a proxy that ends all connections so often, each time instead of passing on something that the server said: about as
 * many messages lie between.
 *
 * @param host host and port of the server
 */
export async function startCuttingProxy(host: string, cuts: number, every: number): Promise<CuttingProxy> {
  const target = new URL(`tcp://${host}`);
  const sockets = new Set<Socket>();
  let [heard, left, cut] = [0, cuts, 0];
  const isTime = (): boolean => {
    heard += 1;
    if (left === 0 || heard < every) return false;
    heard = Math.floor(Math.random() * (every / 2));
    left -= 1;
    return true;
  };
  const cutAll = (): void => {
    cut += sockets.size / 2;
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((client) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [client, far],
      [far, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => {});
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (bytes) => {
        if (from === far && isTime()) cutAll();
        else to.write(bytes);
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => cut,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
