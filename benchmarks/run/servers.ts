import type { LibsqlServer, Server } from '@holdfast/test-servers';

/** How a libSQL server is reached. */
export interface LibsqlAddress {
  readonly url: string;
  readonly authToken?: string;
}

/** The servers that a run may need. */
export type ServerName = 'postgres' | 'libsql';

/** The servers of a run. Disposing of them stops them. */
export interface Servers extends AsyncDisposable {
  /** What each is and where it came from. */
  readonly descriptions: readonly string[];
  /** How to connect to PostgreSQL. */
  readonly postgresUrl: () => string;
  /** How to connect to libSQL, over HTTP or over a WebSocket. */
  readonly libsqlAddress: (transport: 'http' | 'ws') => LibsqlAddress;
}

/** Starts those servers, all at once. When one does not start, the others are stopped and it rejects. */
export async function startServers(names: ReadonlySet<ServerName>): Promise<Servers> {
  const stack = new AsyncDisposableStack();
  let postgres: Server | undefined;
  let libsql: LibsqlServer | undefined;
  const start: Readonly<Record<ServerName, () => Promise<void>>> = {
    // Loaded when one is needed, since a run without servers should not wait for it.
    postgres: async () => {
      postgres = stack.use(await (await import('@holdfast/test-servers')).startPostgres());
    },
    libsql: async () => {
      libsql = stack.use(await (await import('@holdfast/test-servers')).startLibsqlServer());
    },
  };
  const started = await Promise.allSettled([...names].map((name) => start[name]()));
  const failed = started.find((it) => it.status === 'rejected');
  if (failed !== undefined) {
    await stack.disposeAsync();
    throw failed.reason;
  }
  return {
    descriptions: [postgres, libsql].flatMap((server) => server?.description ?? []),
    postgresUrl: () => present(postgres).url,
    libsqlAddress(transport) {
      const { url, authToken } = present(libsql);
      const asked = transport === 'ws' ? url.replace(/^libsql:/i, 'https:').replace(/^http/i, 'ws') : url;
      return authToken === undefined ? { url: asked } : { url: asked, authToken };
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function present<T>(server: T | undefined): T {
  if (server === undefined) throw new Error('the server was not started: its group does not name it');
  return server;
}
