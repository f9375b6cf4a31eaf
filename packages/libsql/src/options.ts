import { MAX_TIMEOUT_MS } from '@holdfast/core';
import { checkInteger, invalidArgument, readOptions } from '@holdfast/core/adapter';
import { nameTables, parseMigrateMode, fragileSqliteProfile, type MigrateMode, type Tables } from '@holdfast/sql';
import { isLibsqlClient, type LibsqlClient, type LibsqlConfig } from './client.ts';
import { CONFIG_KEYS, parseConfig } from './parse-config.ts';

/** What every way of opening takes. */
export interface LibsqlCommonOptions {
  /** What the names of the tables start with. Default `holdfast_`. `[A-Za-z_][A-Za-z0-9_]*`, at most 63. */
  readonly tablePrefix?: string | undefined;
  /** `auto` (default) creates what is missing, `verify` refuses if anything is, `off` does not look. */
  readonly migrate?: MigrateMode | undefined;
  /** The longest body in bytes: up to 511 MiB, by default 16 MiB; on a server up to 74 MiB, by default 4 MiB. */
  readonly maxBodyBytes?: number | undefined;
  /**
   * How long a call waits for a lock that another connection holds, in milliseconds. Default 5,000. That others of
   * this process have their turn first does not count, unless the lock keeps them waiting as well.
   */
  readonly busyTimeoutMs?: number | undefined;
}

/** Opens a database by what `createClient` of @libsql/client takes. */
export interface LibsqlConfigOptions extends LibsqlCommonOptions {
  readonly config: LibsqlConfig;
  readonly client?: undefined;
}

/** Uses the database of a client that the caller opened and keeps. */
export interface LibsqlClientOptions extends LibsqlCommonOptions {
  readonly client: LibsqlClient;
  readonly config?: undefined;
}

/** The options of `openLibsql`. */
export type LibsqlOptions = LibsqlConfigOptions | LibsqlClientOptions;

/** The default of `maxBodyBytes` for files: 16 MiB, which one commit still writes in a fraction of a second. */
export const DEFAULT_MAX_BODY_BYTES: number = 16 * 1024 * 1024;

/** The default of `maxBodyBytes` on a server: 4 MiB. A server takes rows of 5,000,000 bytes unless told otherwise. */
export const DEFAULT_SERVER_MAX_BODY_BYTES: number = 4 * 1024 * 1024;

/** As much as `@holdfast/sqlite` takes; the driver would take rows of 10^9 bytes in a file. */
const MOST_BODY_BYTES = 511 * 1024 * 1024;

/**
 * The most on a server. A body travels as base64, which is longer by a third: of what comes over a WebSocket the driver
 * takes 100 MiB, and where it makes one string of more than V8 takes (from 384 MiB on) the process ends.
 */
export const MOST_SERVER_BODY_BYTES: number = 74 * 1024 * 1024;

/** The default of `busyTimeoutMs`: how long a server itself lets a transaction keep others waiting. */
export const DEFAULT_BUSY_TIMEOUT_MS = 5000;

/** How many requests are under way at once unless `config.concurrency` says otherwise: the client's own default. */
export const DEFAULT_CONCURRENCY = 20;

const KEYS = ['config', 'client', 'tablePrefix', 'migrate', 'maxBodyBytes', 'busyTimeoutMs'] as const;

/** {@link LibsqlOptions}, checked and with every default filled in but that of `maxBodyBytes`. */
export interface ParsedOptions {
  readonly source: { readonly config: LibsqlConfig } | { readonly client: LibsqlClient };
  readonly tables: Tables;
  readonly migrate: MigrateMode;
  readonly maxBodyBytes: number | undefined;
  readonly busyTimeoutMs: number;
}

/**
 * Checks every option before anything is touched. What a configuration means is for the driver to say.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOptions(value: unknown): ParsedOptions {
  const options = readOptions('options', value, KEYS, { config: CONFIG_KEYS });
  const bodyBounds = { min: 1, max: MOST_BODY_BYTES, fallback: 0 };
  return {
    source: parseSource(options),
    // Without it, a temporary or an attached table of the same name could be meant.
    tables: nameTables({ tablePrefix: options.tablePrefix, schema: 'main' }, fragileSqliteProfile),
    migrate: parseMigrateMode(options.migrate),
    maxBodyBytes: checkInteger('maxBodyBytes', options.maxBodyBytes, bodyBounds) || undefined,
    busyTimeoutMs: checkInteger('busyTimeoutMs', options.busyTimeoutMs, {
      min: 0,
      max: MAX_TIMEOUT_MS,
      fallback: DEFAULT_BUSY_TIMEOUT_MS,
    }),
  };
}

function parseSource({ config, client }: { readonly config?: unknown; readonly client?: unknown }) {
  if (client === undefined) return { config: parseConfig(config) };
  if (config !== undefined) throw invalidArgument('config', 'absent when there is a client', config);
  if (!hasShape(client)) throw invalidArgument('client', 'a Client of @libsql/client', client);
  return { client };
}

function hasShape(client: unknown): client is LibsqlClient {
  try {
    return isLibsqlClient(client);
  } catch {
    // A getter or a proxy that throws is no client either.
    return false;
  }
}
