import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { HoldfastError } from '@holdfast/core';
import { LibsqlError } from '@libsql/client';
import { expect, test } from 'vitest';
import { libsqlError } from './errors.ts';

const SECRET = 'canary-7f3a';

function told(error: Error): string {
  const made = libsqlError(error);
  expect(made.rawCause()).toBe(error);
  expect(made.operation).toBe(undefined);
  expect(inspect(made).replaceAll(/^ +at .*$/gm, '') + JSON.stringify(made)).not.toContain(SECRET);
  return `${made.code} ${made.outcome}`;
}

function caused(error: Error, cause: object): Error {
  return Object.assign(error, { cause });
}

test.each([
  ['SQLITE_BUSY', 'SQLITE_BUSY_SNAPSHOT', 'BUSY not-applied'],
  ['SQLITE_LOCKED', undefined, 'BUSY not-applied'],
  ['SQLITE_FULL', 'SQLITE_FULL', 'STORAGE_FULL not-applied'],
  ['SQLITE_READONLY', undefined, 'ACCESS_DENIED not-applied'],
  ['SQLITE_NOTADB', undefined, 'CORRUPT not-applied'],
  ['SQLITE_CORRUPT', undefined, 'CORRUPT unknown'],
  ['SQLITE_IOERR', 'SQLITE_IOERR_FSYNC', 'BACKEND_FAILED unknown'],
  ['SQLITE_CONSTRAINT', undefined, 'BACKEND_FAILED not-applied'],
  ['TRANSACTION_TIMEOUT', undefined, 'BUSY not-applied'],
  ['TRANSACTION_ACTIVE', undefined, 'BUSY not-applied'],
  ['STREAM_EXPIRED', undefined, 'BUSY not-applied'],
  ['CLIENT_CLOSED', undefined, 'CLOSED not-applied'],
  ['AUTH_JWT_EXPIRED', undefined, 'ACCESS_DENIED not-applied'],
  ['BLOCKED', undefined, 'ACCESS_DENIED not-applied'],
  ['RESPONSE_TOO_LARGE', undefined, 'BODY_TOO_LARGE unknown'],
  ['URL_INVALID', undefined, 'INVALID_ARGUMENT not-applied'],
  ['HRANA_PROTO_ERROR', undefined, 'UNAVAILABLE unknown'],
  ['NEVER_HEARD_OF', undefined, 'BACKEND_FAILED unknown'],
])('%s (%s) is %s', (code, extended, expected) => {
  expect(told(new LibsqlError(SECRET, code, extended))).toBe(expected);
});

test.each([
  ['SQLITE_IOERR', 5130, 'BACKEND_FAILED unknown'],
  ['SQLITE_IOERR', 7690, 'BACKEND_FAILED unknown'],
  ['SQLITE_IOERR', 8458, 'CORRUPT unknown'],
  ['SQLITE_CORRUPT', 779, 'CORRUPT unknown'],
  ['SQLITE_BUSY', 773, 'BUSY not-applied'],
  ['SQLITE_READONLY', 1544, 'ACCESS_DENIED not-applied'],
  ['SQLITE_READONLY', 1032, 'UNAVAILABLE not-applied'],
  ['SQLITE_READONLY', 25608, 'ACCESS_DENIED unknown'],
  ['SQLITE_UNKNOWN_255', 255, 'BACKEND_FAILED unknown'],
])('%s, which the driver knows the number %s of and no name for, is %s', (code, number, expected) => {
  const name = `UNKNOWN_SQLITE_ERROR_${number}`;
  expect(told(new LibsqlError(SECRET, code, name, number))).toBe(expected);
  expect(told(new LibsqlError(SECRET, code, name))).toBe(expected);
});

test.each([
  ['SQLITE_ERROR', 'no such table: x'],
  ['SQLITE_UNKNOWN', 'SQLite error: no such table: x'],
  ['SQL_INPUT_ERROR', 'SQL input error: table x already exists (at offset 13)'],
])('%s about a table is about the schema', (code, message) => {
  expect(told(new LibsqlError(message, code))).toBe('SCHEMA_UNSUPPORTED not-applied');
});

test.each([
  ['SQLITE_UNKNOWN', 'SQLite error: something else', 'BACKEND_FAILED unknown'],
  ['ARGS_INVALID', 'Arguments do not match SQL parameters: string or blob too big', 'BODY_TOO_LARGE not-applied'],
  ['ARGS_INVALID', 'Arguments do not match SQL parameters', 'BACKEND_FAILED not-applied'],
])('%s: %s', (code, message, expected) => {
  expect(told(new LibsqlError(message, code))).toBe(expected);
});

test.each([
  [401, 'ACCESS_DENIED not-applied'],
  [403, 'ACCESS_DENIED not-applied'],
  [404, 'UNAVAILABLE not-applied'],
  [413, 'BODY_TOO_LARGE not-applied'],
  [429, 'UNAVAILABLE not-applied'],
  [400, 'BACKEND_FAILED not-applied'],
  // What stands between says these also when the request has reached the server.
  [304, 'UNAVAILABLE unknown'],
  [408, 'UNAVAILABLE unknown'],
  [418, 'UNAVAILABLE unknown'],
  [460, 'UNAVAILABLE unknown'],
  [499, 'UNAVAILABLE unknown'],
  [500, 'UNAVAILABLE unknown'],
  [502, 'UNAVAILABLE unknown'],
  [503, 'UNAVAILABLE unknown'],
  [undefined, 'UNAVAILABLE unknown'],
])('the HTTP status %s is %s', (status, expected) => {
  expect(told(caused(new LibsqlError(SECRET, 'SERVER_ERROR'), Object.assign(new Error(SECRET), { status })))).toBe(
    expected,
  );
});

test('what a server or a network says with a code is in the message', () => {
  const message = (error: Error): string => libsqlError(error).message;
  const http = (status: number): Error =>
    caused(new LibsqlError(SECRET, 'SERVER_ERROR'), Object.assign(new Error(SECRET), { status }));
  expect(message(http(401))).toBe('the server, or a proxy before it, refuses access; look at the authToken (HTTP 401)');
  expect(message(http(502))).toBe('the server, or a proxy before it, does not serve the request (HTTP 502)');
  expect(message(new TypeError('fetch failed', { cause: refused }))).toBe(
    'the database cannot be reached (ECONNREFUSED)',
  );
  expect(message(new LibsqlError(SECRET, 'SQLITE_BUSY'))).toBe('another connection holds the database (SQLITE_BUSY)');
  expect(message(new LibsqlError(SECRET, 'URL_INVALID'))).toBe(
    'config.url is not one that the driver takes (URL_INVALID)',
  );
  const webSocket = caused(
    new LibsqlError(SECRET, 'HRANA_WEBSOCKET_ERROR'),
    new Error('getaddrinfo ENOTFOUND canary-7f3a'),
  );
  expect(message(webSocket)).toBe('the database cannot be reached (ENOTFOUND)');
});

test.each([
  [Object.assign(new Error(SECRET), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'ACCESS_DENIED not-applied'],
  [Object.assign(new Error(SECRET), { code: 'ERR_SSL_WRONG_VERSION_NUMBER' }), 'INVALID_ARGUMENT not-applied'],
  [new Error('bad port'), 'INVALID_ARGUMENT not-applied'],
])('a fetch that failed for %s is not worth a retry', (cause, expected) => {
  expect(told(new TypeError('fetch failed', { cause }))).toBe(expected);
});

const refused = Object.assign(new Error(SECRET), { code: 'ECONNREFUSED', syscall: 'connect' });
const reset = Object.assign(new Error(SECRET), { code: 'ECONNRESET', syscall: 'read' });

test.each([
  ['refused', refused, 'not-applied'],
  ['refused at every address', new AggregateError([refused, refused]), 'not-applied'],
  ['never answered', Object.assign(new Error(SECRET), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'not-applied'],
  ['unknown by name', Object.assign(new Error(SECRET), { code: 'ENOTFOUND', syscall: 'getaddrinfo' }), 'not-applied'],
  ['cut off', reset, 'unknown'],
  ['cut off at one address', new AggregateError([refused, reset]), 'unknown'],
  ['closed', Object.assign(new Error(SECRET), { code: 'UND_ERR_SOCKET' }), 'unknown'],
])('a fetch whose connection was %s is UNAVAILABLE', (_what, cause, outcome) => {
  expect(told(new TypeError('fetch failed', { cause }))).toBe(`UNAVAILABLE ${outcome}`);
});

test.each([
  ['connect ECONNREFUSED 10.0.0.1:1', 'UNAVAILABLE not-applied'],
  ['getaddrinfo ENOTFOUND canary-7f3a', 'UNAVAILABLE not-applied'],
  ['Unexpected server response: 404', 'UNAVAILABLE not-applied'],
  ['Unexpected server response: 401', 'ACCESS_DENIED not-applied'],
  ['WebSocket was closed with code 1006', 'UNAVAILABLE unknown'],
  ['read ECONNRESET', 'UNAVAILABLE unknown'],
  ['self-signed certificate; if the root CA is installed locally, try', 'ACCESS_DENIED not-applied'],
  ['write EPROTO 40DD:error:0A00010B:SSL routines', 'INVALID_ARGUMENT not-applied'],
])('a WebSocket with "%s" is %s', (message, expected) => {
  expect(told(caused(new LibsqlError(SECRET, 'HRANA_WEBSOCKET_ERROR'), new Error(message)))).toBe(expected);
});

test('a client that was closed tells whether the request was under way', () => {
  const closed = (message: string): string =>
    told(caused(new LibsqlError(SECRET, 'UNKNOWN'), Object.assign(new Error(message), { name: 'ClosedError' })));
  expect(closed('Client is closed: ClientError')).toBe('CLOSED not-applied');
  expect(closed('Client was closed: ClientError')).toBe('UNAVAILABLE unknown');
  const byHand = caused(new LibsqlError(SECRET, 'UNKNOWN'), new Error('Client was manually closed'));
  expect(told(byHand)).toBe('UNAVAILABLE unknown');
});

test('what has no code is told by its kind, and what is ours stays as it is', () => {
  expect(told(Object.assign(new Error(`ConnectionFailed("no ${SECRET}")`), { code: '' }))).toBe(
    'UNAVAILABLE not-applied',
  );
  expect(told(new SyntaxError(SECRET))).toBe('UNAVAILABLE unknown');
  expect(told(new RangeError(SECRET))).toBe('BACKEND_FAILED unknown');
  expect(libsqlError('oops')).toMatchObject({ code: 'BACKEND_FAILED', outcome: 'unknown' });
  const ours = new HoldfastError('CLOSED', 'closed');
  expect(libsqlError(ours)).toBe(ours);
});

test.each([
  ['Object.assign(new Error(), { code: "SQLITE_BUSY" })', 'BUSY not-applied'],
  ['Object.assign(new Error("ConnectionFailed(x)"), { code: "" })', 'UNAVAILABLE not-applied'],
  ['new SyntaxError()', 'UNAVAILABLE unknown'],
  ['Object.assign(new Error("cut off"), { name: "NetworkError" })', 'UNAVAILABLE unknown'],
  [
    'new TypeError("fetch failed", { cause: Object.assign(new Error(), { syscall: "connect" }) })',
    'UNAVAILABLE not-applied',
  ],
  [
    'new TypeError("fetch failed", { cause: Object.assign(new AggregateError([new Error()]), { syscall: "connect" }) })',
    'UNAVAILABLE unknown',
  ],
  [
    'Object.assign(new Error(), { code: "x", cause: Object.assign(new Error("Stream is closed"), { name: "ClosedError" }) })',
    'CLOSED not-applied',
  ],
])('of another realm, %s is told as one of this', (code, expected) => {
  expect(told(runInNewContext(code) as Error)).toBe(expected);
});
