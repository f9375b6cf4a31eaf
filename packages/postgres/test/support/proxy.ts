import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { testDatabase } from './scratch-schema.ts';

/** Stands between clients and the server of the tests. */
export interface Proxy extends AsyncDisposable {
  readonly connectionString: string;
  /** Keeps the server's answers from getting through, on all connections. */
  swallowAnswers(): void;
  /** Lets connections in, and then keeps the answers on those that were made from now on from getting through. */
  silenceAfterLogin(): void;
  /** Answers nothing any more, not even that a connection ends. */
  hang(): void;
  /** Lets nothing through any more on the connections that there are, for good; new ones are well. */
  lose(): void;
  /** Lets answers through again. */
  heal(): void;
  /** How many connections of clients there are. */
  connections(): number;
  /** Ends all connections, and lets the answers on new ones through. */
  cut(): void;
}

type Mode = 'open' | 'swallowing' | 'silent-after-login' | 'hanging';

/** The last message of a login: ReadyForQuery, in no transaction. */
const READY = Buffer.from('Z\0\0\0\x05I');

/** Starts a proxy. It ends its connections when it is disposed. */
export async function startProxy(): Promise<Proxy> {
  const { hostname, port } = new URL(testDatabase());
  const clients = new Set<Socket>();
  const lost = new WeakSet<Socket>();
  let mode: Mode = 'open';
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect(Number(port), hostname);
    const silenced = mode === 'silent-after-login';
    let loggedIn = false;
    clients.add(client);
    client.on('data', (data) => void (mode === 'hanging' || lost.has(client) || upstream.write(data)));
    client.on('end', () => void (mode === 'hanging' || client.end()));
    upstream.on('data', (data) => {
      const silent = lost.has(client) || (silenced && loggedIn);
      const swallowed = mode === 'swallowing' || mode === 'hanging' || silent;
      if (!swallowed) client.write(data);
      loggedIn ||= data.subarray(-READY.length).equals(READY);
    });
    const end = (): void => {
      clients.delete(client);
      client.destroy();
      upstream.destroy();
    };
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(testDatabase());
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  const endAll = (): void => {
    for (const client of clients) client.destroy();
  };
  return {
    connectionString: url.href,
    swallowAnswers: () => void (mode = 'swallowing'),
    silenceAfterLogin: () => void (mode = 'silent-after-login'),
    hang: () => void (mode = 'hanging'),
    lose: () => clients.forEach((client) => void lost.add(client)),
    heal: () => void (mode = 'open'),
    connections: () => clients.size,
    cut() {
      mode = 'open';
      endAll();
    },
    async [Symbol.asyncDispose]() {
      server.close();
      endAll();
    },
  };
}
