import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { LibsqlConfig } from '../../src/index.ts';
import { serverConfig } from './server.ts';

/** Stands between a store and a server, and can stop passing on what either says. */
export interface Wire extends AsyncDisposable {
  config(protocol: 'http' | 'ws'): LibsqlConfig;
  /** Nothing that the server says is passed on from now on; what is said to it still is, unless told otherwise. */
  hold(options?: { readonly requests: boolean }): void;
  /** Everything is passed on again, on new connections. */
  letGo(): void;
  /** Nothing is passed on any more on the connections that there are, for good; those made from now on are well. */
  lose(): void;
  /** How many connections there are to it. */
  connections(): number;
  /** How often the server was told something, counting as one whatever was said before it answered. */
  roundTrips(): number;
  /** Ends every connection. */
  cut(): void;
  /** Resolves when the server has said something that was held back. */
  answered(): Promise<void>;
}

/** A wire to the server that the tests run on. */
export async function makeWire(): Promise<Wire> {
  const target = new URL(serverConfig().url);
  const sockets = new Set<Socket>();
  let [held, heldRequests] = [false, false];
  let [trips, answered] = [0, true];
  const lost = new WeakSet<Socket>();
  let heard = (): void => {};
  const near = new Set<Socket>();
  const server: Server = createServer((client) => {
    near.add(client);
    client.on('close', () => near.delete(client));
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
        if (lost.has(from)) return;
        if (from === client && answered) trips += 1;
        answered = from === far;
        if (from === far && held) return heard();
        if (from === client && heldRequests) return;
        to.write(bytes);
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  const cut = (): void => sockets.forEach((socket) => void socket.destroy());
  return {
    config: (protocol) => ({ ...serverConfig(protocol), url: `${protocol}://127.0.0.1:${port}` }),
    hold(options = { requests: true }) {
      held = true;
      heldRequests = !options.requests;
    },
    lose: () => sockets.forEach((socket) => void lost.add(socket)),
    letGo() {
      cut();
      [held, heldRequests] = [false, false];
    },
    cut,
    connections: () => near.size,
    roundTrips: () => trips,
    answered: () => new Promise((resolve) => (heard = resolve)),
    async [Symbol.asyncDispose]() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
