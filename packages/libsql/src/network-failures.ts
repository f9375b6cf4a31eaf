import { isError } from '@holdfast/core/adapter';
import type { Failure } from './errors.ts';

/** What `fetch` and WebSockets say when there never was a connection, so that nothing can have been sent. */
const NEVER_CONNECTED = /^(connect E[A-Z]+|getaddrinfo E[A-Z_]+|Unexpected server response: \d+)/;

/** What an HTTP status of a server, or of a proxy before it, means. */
export function statusFailure({ cause }: Error): Failure {
  const { status } = (cause ?? {}) as { readonly status?: unknown };
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
    return ['UNAVAILABLE', neverConnected(error.cause) ? 'not-applied' : 'unknown'];
  }
  // A request that was cut off while its answer came in, and whatever happens to one of another `fetch` than Node's.
  const cutOff = error.message === 'terminated' || error.name === 'AbortError' || error.name === 'NetworkError';
  return cutOff ? ['UNAVAILABLE', 'unknown'] : undefined;
}

function webSocketFailure({ cause }: Error): Failure {
  const message = isError(cause) ? cause.message : '';
  const refused = /^Unexpected server response: (401|403)$/.test(message);
  if (refused) return ['ACCESS_DENIED', 'not-applied'];
  return ['UNAVAILABLE', NEVER_CONNECTED.test(message) ? 'not-applied' : 'unknown'];
}

function neverConnected(cause: unknown): boolean {
  if (!isError(cause)) return false;
  const { code, syscall, errors } = cause as Error & { readonly [Key in 'code' | 'syscall' | 'errors']?: unknown };
  // Of a host with several addresses.
  if (Array.isArray(errors)) return errors.length > 0 && errors.every(neverConnected);
  return code === 'UND_ERR_CONNECT_TIMEOUT' || syscall === 'connect' || syscall === 'getaddrinfo';
}
