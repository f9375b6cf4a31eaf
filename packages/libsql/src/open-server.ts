import { HoldfastError, isHoldfastError } from '@holdfast/core';
import { invalidArgument, withReason, type OperationContext } from '@holdfast/core/adapter';
import type { CreateClient, LibsqlClient, LibsqlConfig } from './client.ts';
import { DEFAULT_CONCURRENCY, MOST_SERVER_BODY_BYTES } from './options.ts';
import { LiveClients } from './live-clients.ts';
import { RemoteConnection, type RemoteConnectionParts } from './remote-connection.ts';
import { bind } from './bind.ts';
import { aboutUrl } from './errors.ts';
import { ROW_OVERHEAD_BYTES } from './row-overhead.ts';
import { serverFetch } from './server-fetch.ts';
import { Sockets } from './sockets.ts';

/**
 * Makes a connection to a server. Over HTTP each call has a client of its own, which costs little and lets the
 * call be cancelled; sockets are kept here, or by the `fetch` that was given, and not by the client. Over WebSockets one
 * client has one socket, and opens another when that was closed; when it is silent, there is another client.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function connectToServer(
  createClient: CreateClient,
  config: LibsqlConfig,
  busyTimeoutMs: number,
): RemoteConnection {
  const sockets = new Sockets();
  const { fetch: given = sockets.fetch, concurrency = DEFAULT_CONCURRENCY, ...rest } = config;
  // How much runs at once is decided here, where waiting can be cut short.
  const make = (extra: Partial<LibsqlConfig>): LibsqlClient => {
    try {
      return createClient({ ...rest, intMode: 'number', concurrency: Infinity, ...extra });
    } catch (cause) {
      // Nothing is connected yet, so there is nothing else that it could have failed for.
      const message = aboutUrl(cause) ?? withReason('config is not one that the driver takes', cause);
      throw new HoldfastError('INVALID_ARGUMENT', message, { cause });
    }
  };
  const first = make({ fetch: given });
  if (first.protocol === 'ws') return connectByWebSocket(first, () => make({}), { concurrency, busyTimeoutMs });
  return new RemoteConnection({
    clientFor: (signal) => make({ fetch: serverFetch(given, signal) }),
    close() {
      first.close();
      sockets.close();
    },
    closeIdle: () => sockets.closeIdle(),
    concurrency,
    busyTimeoutMs,
  });
}

/** What of a {@link RemoteConnection} the caller decides. */
type ConnectionLimits = Pick<RemoteConnectionParts, 'concurrency' | 'busyTimeoutMs'>;

/**
 * The longest request over a WebSocket, in bytes. It is one frame, and on a longer one sqld 0.24.32 closes the socket. Over
 * HTTP it was seen to take 200 MB.
 */
const MOST_MESSAGE_BYTES: number = 16 * 1024 * 1024;

function connectByWebSocket(
  first: LibsqlClient,
  make: () => LibsqlClient,
  options: ConnectionLimits,
): RemoteConnection {
  const clients = new LiveClients(first, make);
  return new RemoteConnection({
    clientFor: (signal) => clients.clientFor(signal),
    close: () => clients.close(),
    mostRequestBytes: MOST_MESSAGE_BYTES,
    ...options,
  });
}

/** Makes a connection to the server that a client of somebody else is connected to, which stays open. */
export function connectThrough(client: LibsqlClient, options: ConnectionLimits): RemoteConnection {
  return new RemoteConnection({
    clientFor: () => client,
    close: () => {},
    mostRequestBytes: client.protocol === 'ws' ? MOST_MESSAGE_BYTES : undefined,
    ...options,
  });
}

/**
 * Checks that a server can keep what is promised. One round trip.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when it, or the driver, does not take entries with bodies of this length; `UNSUPPORTED`
 * when its database is not encoded in UTF-8; `UNAVAILABLE`, `ACCESS_DENIED`
 */
export async function checkServer(
  connection: RemoteConnection,
  maxBodyBytes: number,
  context: OperationContext,
): Promise<void> {
  if (maxBodyBytes > MOST_SERVER_BODY_BYTES) {
    throw invalidArgument('maxBodyBytes', `at most ${MOST_SERVER_BODY_BYTES} on a server`, maxBodyBytes);
  }
  const question = 'select length(zeroblob(?)) as length, (select encoding from pragma_encoding) as encoding';
  let encoding: unknown;
  try {
    // What a server limits is the row, of which the body is only the longest part.
    const [row] = await connection.read(bind(question, [maxBodyBytes + ROW_OVERHEAD_BYTES]), context);
    encoding = row?.['encoding'];
  } catch (cause) {
    if (!isHoldfastError(cause, 'BODY_TOO_LARGE')) throw cause;
    throw new HoldfastError('INVALID_ARGUMENT', 'maxBodyBytes is more than the server takes', { cause });
  }
  if (encoding !== 'UTF-8') {
    throw new HoldfastError('UNSUPPORTED', 'the database must be encoded in UTF-8', { capability: 'paths' });
  }
}
