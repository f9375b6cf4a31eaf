import type { ErrorCode } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';
import { tlsFailure } from '@holdfast/sql';

/** What a failure to connect means, and what to tell about it. */
type Failure = readonly [code: ErrorCode, message: string];

/** What pg says by itself, without a code. */
const MESSAGES: readonly (readonly [start: string, ...Failure])[] = [
  ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be', 'INVALID_ARGUMENT', 'the server asks for a password, and config has none'],
  ['SASL: ', 'ACCESS_DENIED', 'the server and pg cannot agree on who is who'],
  ['The server does not support SSL connections', 'INVALID_ARGUMENT', 'the server does not speak the TLS that config asks for'],
]; // prettier-ignore

/**
 * The classes of SQLSTATE with which a server refuses a setting of the configuration (`options`, `statement_timeout` and
 * so on) or the name of its database: no retry mends it. Not that the role may not use the database.
 */
const REFUSED_CONFIG = /^(?:22|42(?!501)|3D)/;

/**
 * What a failure to connect means where pg or the server can tell; `undefined` where it is the network, or something
 * else that may pass.
 */
export function connectFailure(thrown: unknown, state: string | undefined): Failure | undefined {
  if (!isError(thrown)) return undefined;
  if (state !== undefined) return refusedConfig(state);
  if (isInvalidUrl(thrown)) return ['INVALID_ARGUMENT', 'config has no valid connectionString'];
  const said = MESSAGES.find(([start]) => thrown.message.startsWith(start));
  if (said !== undefined) return [said[1], said[2]];
  return tlsFailure(thrown) ?? deniedBySystem(thrown);
}

/** Whether a connection string could not be taken apart. */
export function isInvalidUrl(thrown: unknown): boolean {
  if (!isError(thrown)) return false;
  const { code } = thrown as { readonly code?: unknown };
  return code === 'ERR_INVALID_URL' || thrown.name === 'URIError';
}

function refusedConfig(state: string): Failure | undefined {
  if (!REFUSED_CONFIG.test(state)) return undefined;
  const message = state.startsWith('3D')
    ? 'the database that config names does not exist'
    : 'the server does not take a setting of config';
  return ['INVALID_ARGUMENT', message];
}

function deniedBySystem(thrown: Error): Failure | undefined {
  const { code, syscall } = thrown as { readonly code?: unknown; readonly syscall?: unknown };
  // Certificates and keys are read when they are needed; so is the file of passwords. A directory can be opened, but not
  // read; whatever else fails to be read is a socket.
  if (syscall === 'open' || (syscall === 'read' && code === 'EISDIR'))
    return ['INVALID_ARGUMENT', 'a file that config names cannot be read'];
  if (syscall === 'connect' && (code === 'EACCES' || code === 'EPERM')) {
    return ['ACCESS_DENIED', 'the system does not let the database be reached'];
  }
  return undefined;
}
