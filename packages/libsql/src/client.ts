/** A value as it is bound. Integers go as `bigint`, since a `number` is always bound as REAL. */
export type LibsqlValue = string | number | bigint | Uint8Array | null;

/** A statement with its values. */
export interface LibsqlStatement {
  readonly sql: string;
  readonly args: LibsqlValue[];
}

/** The part of a result of @libsql/client that the adapter uses. */
export interface LibsqlResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly rowsAffected: number;
}

/** The part of a `Transaction` of @libsql/client that the adapter uses. */
export interface LibsqlTransaction {
  execute(statement: LibsqlStatement): Promise<LibsqlResult>;
  executeMultiple(sql: string): Promise<void>;
  commit(): Promise<void>;
  close(): void;
}

/** The part of the `Client` of @libsql/client that the adapter uses. */
export interface LibsqlClient {
  /** `file` (also in memory, and an embedded replica), `http` or `ws`. */
  readonly protocol: string;
  readonly closed: boolean;
  execute(statement: LibsqlStatement): Promise<LibsqlResult>;
  batch(statements: LibsqlStatement[], mode: 'read' | 'write'): Promise<LibsqlResult[]>;
  /** Used on files only, where it cannot expire. */
  transaction(mode: 'deferred'): Promise<LibsqlTransaction>;
  executeMultiple(sql: string): Promise<void>;
  reconnect(): Promise<void> | void;
  close(): void;
}

/** The part of it that a call to a server uses. */
export type CallClient = Pick<LibsqlClient, 'execute' | 'batch'>;

/** The configuration that `createClient` of @libsql/client takes, as of 0.18. */
export interface LibsqlConfig {
  /** `file:`, `:memory:`, `http:`, `https:`, `ws:`, `wss:` or `libsql:`. */
  readonly url: string;
  /** One that an HTTP header can carry as it is. */
  readonly authToken?: string | undefined;
  /** The URL of the server that an embedded replica follows; see the README for what becomes of the file. */
  readonly syncUrl?: string | undefined;
  /** Whether a `libsql:` URL means TLS. Default true. */
  readonly tls?: boolean | undefined;
  /** Of a file that is encrypted. */
  readonly encryptionKey?: string | undefined;
  /** Of a database that Turso encrypts: one that an HTTP header can carry as it is. */
  readonly remoteEncryptionKey?: string | undefined;
  /** How many requests to a server may be under way at once: 1 to 1,000. Default 20. */
  readonly concurrency?: number | undefined;
  /**
   * In place of sockets of our own, such as the global `fetch`. It is given a `Request` and a `signal`, and should keep to
   * both.
   */
  readonly fetch?: LibsqlFetch | undefined;
  /** Without effect: the adapter knows how it reads integers. */
  readonly intMode?: 'number' | 'bigint' | 'string' | undefined;
  /** Without effect: the driver would block the event loop to wait. `busyTimeoutMs` is for that. */
  readonly timeout?: number | undefined;
  /** Without effect: what is read is always up to date. */
  readonly syncInterval?: number | undefined;
  /** Without effect: what is read is always up to date. */
  readonly readYourWrites?: boolean | undefined;
  /** Not supported but for `false`: such writes are acknowledged before the server has them. */
  readonly offline?: boolean | undefined;
}

/** The global class of that name, or anything where the types of neither Node nor a browser are there. */
type Instance<Name extends string> =
  typeof globalThis extends Record<Name, { readonly prototype: infer T }> ? T : unknown;

/** The part of `fetch` that the driver uses. */
export type LibsqlFetch = (
  request: Instance<'Request'>,
  options?: { readonly signal?: AbortSignal },
) => Promise<Instance<'Response'>>;

/** `createClient` of @libsql/client, as the adapter calls it. */
export type CreateClient = (config: LibsqlConfig) => LibsqlClient;

/** Whether a value has the shape of a {@link LibsqlClient}. */
export function isLibsqlClient(value: unknown): value is LibsqlClient {
  if (typeof value !== 'object' || value === null) return false;
  const client = value as Partial<Record<keyof LibsqlClient, unknown>>;
  const methods = ['execute', 'batch', 'transaction', 'executeMultiple', 'reconnect', 'close'] as const;
  return methods.every((name) => typeof client[name] === 'function') && typeof client.protocol === 'string';
}
