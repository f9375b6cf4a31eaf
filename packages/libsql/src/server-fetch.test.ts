import { isHoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { openLibsql, type LibsqlFetch } from './index.ts';
import { serverFetch } from './server-fetch.ts';

const never = new AbortController().signal;

/** What opening fails with when a server answers like this. */
async function opening(status: number, type: string, body: string): Promise<string> {
  const fetch: LibsqlFetch = async () => {
    const response = new Response(body, { headers: { 'content-type': type } });
    // None can be made with every status that `fetch` may find.
    return Object.defineProperties(response, { status: { value: status }, ok: { value: false } });
  };
  const error: unknown = await openLibsql({ config: { url: 'http://server.invalid', fetch }, busyTimeoutMs: 0 }).then(
    (store) => store.close(),
    (thrown: unknown) => thrown,
  );
  return isHoldfastError(error) ? error.code : String(error);
}

const bodies: readonly string[] = [
  '{"error":"no"}',
  '{"message":"no"}',
  '{"message":"no","code":"WHATEVER"}',
  '{"message":"no","code":401}',
  '{"message":{},"code":"WHATEVER"}',
  '"no"',
  'null',
  '[]',
  '<html>',
  '',
];

test.each(bodies)('a server that refuses access does so whatever its JSON is: %s', async (body) => {
  for (const type of ['application/json', 'application/json; charset=utf-8', 'text/plain']) {
    for (const status of [401, 403]) expect([type, await opening(status, type, body)]).toEqual([type, 'ACCESS_DENIED']);
  }
});

test.each([
  // Where a database is opened.
  [404, 'INVALID_ARGUMENT'],
  [429, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [999, 'UNAVAILABLE'],
])('the status %i counts where a proxy says why in JSON', async (status, code) => {
  for (const body of ['{"error":"no"}', '{"message":"no"}', '{"message":"no","code":"RATE"}', 'null', '<html>', '']) {
    expect([body, await opening(status, 'application/json', body)]).toEqual([body, code]);
  }
});

test.each([
  ['STREAM_EXPIRED', 'BUSY'],
  ['AUTH_JWT_EXPIRED', 'ACCESS_DENIED'],
  ['BLOCKED', 'ACCESS_DENIED'],
])('a code of the server, %s, counts more than the status', async (code, expected) => {
  expect(await opening(400, 'application/json', JSON.stringify({ message: 'no', code }))).toBe(expected);
});

test('an answer that is no refusal is passed on as it is', async () => {
  const answer = new Response('{"message":"yes"}', { headers: { 'content-type': 'application/json' } });
  expect(await serverFetch(async () => answer, never)(new Request('http://server.invalid'))).toBe(answer);
  expect(answer.bodyUsed).toBe(false);
});
