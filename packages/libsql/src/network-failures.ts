import type { ErrorCode, Outcome } from '@holdfast/core';
import { isError, withReason } from '@holdfast/core/adapter';
import { tlsFailure } from '@holdfast/sql';
import type { Failure } from './errors.ts';

/** What `fetch` and WebSockets say when there never was a connection, so that nothing can have been sent. */
const NEVER_CONNECTED = /^(connect E[A-Z]+|getaddrinfo E[A-Z_]+|Unexpected server response: \d+)/;

/** The HTTP status of an answer that the driver, or a WebSocket, gave up at. */
export function statusOf(thrown: unknown): number | undefined {
  const cause = isError(thrown) ? thrown.cause : undefined;
  const { status } = (cause ?? {}) as { readonly status?: unknown };
  if (typeof status === 'number') return status;
  const [, unexpected] = (isError(cause) ? /^Unexpected server response: (\d{3})$/.exec(cause.message) : null) ?? [];
  return unexpected === undefined ? undefined : Number(unexpected);
}

/** What an HTTP status of a server, or of a proxy before it, means. */
export function statusFailure(error: Error): Failure {
  const status = statusOf(error);
  return [...verdictOn(status), withStatus(status)];
}

/** Whoever runs the server or the proxy finds out more with it. */
function withStatus(status: number | undefined): string | undefined {
  if (status === undefined) return undefined;
  const what =
    status === 401 || status === 403 ? 'refuses access; look at the authToken' : 'does not serve the request';
  return `the server, or a proxy before it, ${what} (HTTP ${status})`;
}

function verdictOn(status: number | undefined): readonly [code: ErrorCode, outcome: Outcome] {
  switch (status) {
    case 401:
    case 403:
      return ['ACCESS_DENIED', 'not-applied'];
    case 404:
      return ['UNAVAILABLE', 'not-applied'];
    case 413:
      return ['BODY_TOO_LARGE', 'not-applied'];
    case 429:
      // Not `BUSY`, which is tried again within milliseconds: whoever says this wants to be asked less.
      return ['UNAVAILABLE', 'not-applied'];
    case 400:
    case 405:
    case 411:
    case 414:
    case 415:
    case 431:
      return ['BACKEND_FAILED', 'not-applied'];
    default:
      // Of a proxy's 408, 499, 502 or 504 nobody knows what the server behind it did; of 500 and 503 hardly more.
      return ['UNAVAILABLE', 'unknown'];
  }
}

/** What a connection that failed means; `undefined` when it is something else that did. */
export function socketFailure(error: Error): Failure | undefined {
  const { code } = error as { readonly code?: unknown };
  if (code === 'HRANA_WEBSOCKET_ERROR') return webSocketFailure(error);
  // An answer that is none, such as a page of a proxy.
  if (code === 'HRANA_PROTO_ERROR' || error.name === 'SyntaxError') return ['UNAVAILABLE', 'unknown'];
  if (error.name === 'TypeError' && error.message === 'fetch failed') {
    return neverSent(error) ?? ['UNAVAILABLE', neverConnected(error.cause) ? 'not-applied' : 'unknown'];
  }
  // A request that was cut off while its answer came in, and whatever happens to one of another `fetch` than Node's.
  const cutOff = error.message === 'terminated' || error.name === 'AbortError' || error.name === 'NetworkError';
  return cutOff ? ['UNAVAILABLE', 'unknown'] : undefined;
}

/** What keeps requests from being made at all, and will. */
function neverSent(error: Error): Failure | undefined {
  const ofTls = tlsFailure(error);
  if (ofTls !== undefined) return [ofTls[0], 'not-applied', withReason(ofTls[1], error)];
  const badPort = isError(error.cause) && error.cause.message === 'bad port';
  return badPort ? ['INVALID_ARGUMENT', 'not-applied', 'config.url has a port that fetch refuses'] : undefined;
}

/** What a WebSocket says in a message only, of what keeps it from connecting at all, and will. */
const WEBSOCKET_NEVER: readonly (readonly [start: RegExp, code: ErrorCode, message: string])[] = [
  [
    /^(self-signed certificate|unable to (verify|get) |certificate |Hostname\/IP does not match)/,
    'ACCESS_DENIED',
    'the certificate of the server is not to be trusted here',
  ],
  [/^\w+ EPROTO /, 'INVALID_ARGUMENT', 'the server does not speak the TLS that config asks for (EPROTO)'],
];

function webSocketFailure(error: Error): Failure {
  const message = isError(error.cause) ? error.cause.message : '';
  const status = statusOf(error);
  if (status === 401 || status === 403) return ['ACCESS_DENIED', 'not-applied', withStatus(status)];
  const never = WEBSOCKET_NEVER.find(([start]) => start.test(message));
  if (never !== undefined) return [never[1], 'not-applied', never[2]];
  const [, reason] = /^(?:connect|getaddrinfo|read|write) (E[A-Z_]+)\b/.exec(message) ?? [];
  const told = reason === undefined ? withStatus(status) : `the database cannot be reached (${reason})`;
  return ['UNAVAILABLE', NEVER_CONNECTED.test(message) ? 'not-applied' : 'unknown', told];
}

function neverConnected(cause: unknown): boolean {
  if (!isError(cause)) return false;
  const { code, syscall, errors } = cause as Error & { readonly [Key in 'code' | 'syscall' | 'errors']?: unknown };
  // Of a host with several addresses.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverConnected);
  return code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
}
