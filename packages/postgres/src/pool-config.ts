import { HoldfastError } from '@holdfast/core';
import { invalidArgument, kindOf } from '@holdfast/core/adapter';
import type { PoolConfig } from 'pg';

/** The connections of our own pool unless `config.max` says otherwise: what pg itself takes for granted. */
export const DEFAULT_POOL_SIZE = 10;

/** A configuration of which nothing is believed. */
type RawConfig = Readonly<Record<string, unknown>>;

/** What pg sends to the server as text, and would end the process over if it were anything else. */
const TEXTS = [
  'host',
  'user',
  'database',
  'options',
  'application_name',
  'fallback_application_name',
  'client_encoding',
  'replication',
] as const;

/** What pg takes from the environment where the configuration does not say it. */
const VARIABLES = ['PGHOST', 'PGPORT', 'PGUSER', 'PGDATABASE', 'PGPASSWORD'] as const;

/** A scheme and two slashes, or the path of a socket. Of any other text pg makes the name of a database on a host `base`. */
const CONNECTION_STRING = /^(?:[a-z][a-z\d+.-]*:\/\/|socket:|\/)/i;

/**
 * Checks the configuration of a pool: refuses the modes of the driver in which a promise would not hold, and what pg
 * would choke on in the middle of connecting. With `pipeline`, statements of others run around ours on one connection,
 * and closing it ends none of them; with `binary`, the driver hands out bytes as text. A size that is none: with some,
 * pg would make connections without a bound, with others none at all.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, which names the key and shows no value
 */
export function checkPoolConfig(argument: string, config: PoolConfig): void {
  const given = config as RawConfig;
  const { max = DEFAULT_POOL_SIZE, connectionString, port, password } = given;
  // For whatever is falsy pg takes its default.
  if (connectionString && !isConnectionString(connectionString)) {
    throw invalidArgument(`${argument}.connectionString`, 'a postgres:// URL', connectionString);
  }
  for (const key of TEXTS) {
    const value = given[key];
    if (value && !isText(value)) throw invalidArgument(`${argument}.${key}`, 'a string without a NUL in it', value);
  }
  if (password && typeof password !== 'string' && typeof password !== 'function') {
    throw invalidArgument(`${argument}.password`, 'a string, or a function that gives one', password);
  }
  if (port && !isPort(port)) throw invalidArgument(`${argument}.port`, 'an integer up to 65535', port);
  if (!Number.isInteger(max) || Number(max) < 1) throw invalidArgument(`${argument}.max`, 'an integer from 1', max);
  for (const mode of ['pipeline', 'binary'] as const) {
    if (given[mode]) throw new HoldfastError('INVALID_ARGUMENT', `${argument} must not have \`${mode}\` set`);
  }
}

/**
 * Checks that somebody says where the database is. Where nobody does, pg takes one on this host, which is never what an
 * unset variable means.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkSaysWhere(config: PoolConfig, environment: RawConfig = process.env): void {
  const given = config as RawConfig;
  const { connectionString } = given;
  if (connectionString || given['host'] || environment['PGHOST']) return;
  // Whoever spells one of these out means another host, whatever else is there.
  const unset = (['connectionString', 'host'] as const).find((key) => key in given);
  const saysSomething =
    ['host', 'port', 'user', 'database'].some((key) => given[key]) || VARIABLES.some((name) => environment[name]);
  if (saysSomething && unset === undefined) return;
  throw new HoldfastError(
    'INVALID_ARGUMENT',
    `config must say where the database is${unset === undefined ? '' : `: config.${unset} is ${kindOf(given[unset])}`}; ` +
      'give a connectionString or a host, which may be localhost, or set PGHOST',
  );
}

function isConnectionString(value: unknown): boolean {
  return typeof value === 'string' && CONNECTION_STRING.test(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('\0');
}

/** As pg reads it: as a text, too. */
function isPort(value: unknown): boolean {
  const port = typeof value === 'string' ? Number.parseInt(value, 10) : value;
  return typeof port === 'number' && port >= 0 && port <= 65_535;
}
