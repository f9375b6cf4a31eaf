import { createServer } from 'node:http';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { isHoldfastError } from '@holdfast/core';
import { startLibsqlServer } from '@holdfast/test-servers';
import { expect, test, vi } from 'vitest';
import { openLibsql } from '../src/index.ts';
import { CANARY, rejection } from './support/rejection.ts';
import { makeTables, serverConfig } from './support/server.ts';

const body = new TextEncoder().encode(CANARY);

/** Everything that is printed while something runs. */
async function printedDuring(work: () => Promise<void>): Promise<string> {
  const printed: unknown[] = [];
  const write = (text: unknown): boolean => printed.push(text) > 0;
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
  for (const method of ['log', 'info', 'warn', 'error', 'dir', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...values: unknown[]) => void write(inspect(values, { depth: 9 })));
  }
  try {
    await work();
  } finally {
    vi.restoreAllMocks();
  }
  return printed.map((text) => (typeof text === 'string' ? text : inspect(text))).join('\n');
}

test.each(['http', 'ws'])('no error shows a token or a URL, whatever the server does (%s)', async (protocol) => {
  await using server = await startLibsqlServer({ only: 'binary' });
  const url = server.url.replace('http', protocol);
  const printed = await printedDuring(async () => {
    const refused = await rejection(openLibsql({ config: { url, authToken: CANARY } }));
    // Over WebSockets the server closes the socket, and says why only if it gets to it.
    expect(protocol === 'http' ? ['ACCESS_DENIED'] : ['ACCESS_DENIED', 'UNAVAILABLE']).toContain(refused.code);
    await rejection(openLibsql({ config: { url: `${url}?authToken=${CANARY}` } }));
    await rejection(openLibsql({ config: { url: `${protocol}://${CANARY}.invalid`, authToken: CANARY } }));
    await rejection(openLibsql({ config: { url: `${url}?${CANARY}=1` } }));
    await rejection(openLibsql({ config: { url: `file:/${CANARY}/${CANARY}.db` } }));
    await using store = await openLibsql({ config: { url, authToken: server.authToken } });
    await server.kill();
    await rejection(store.put('/a', { body, indexed: { text: CANARY } }, 'any'));
    await rejection(store.put('/a', { body }, 'any'));
    await rejection(store.get('/a'));
  });
  expect(printed).not.toContain(CANARY);
});

test.each([401, 403, 404, 413, 429, 500, 502, 200])('nor does one for an answer with status %i', async (status) => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/plain' });
    response.end(`<html>${CANARY}</html>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { readonly port: number };
  for (const protocol of ['http', 'ws']) {
    const config = { url: `${protocol}://127.0.0.1:${port}`, authToken: CANARY };
    expect(isHoldfastError(await rejection(openLibsql({ config, busyTimeoutMs: 0 })))).toBe(true);
  }
  server.closeAllConnections();
  server.close();
});

test.each(['http', 'ws'] as const)('nor does one about a table that is not ours (%s)', async (protocol) => {
  await using tables = makeTables();
  await using store = await openLibsql({ config: serverConfig(protocol), ...tables.options, migrate: 'off' });
  const error = await rejection(store.put('/a', { body, kind: 'k', indexed: { text: CANARY } }, 'absent'));
  expect([error.code, error.outcome]).toEqual(['SCHEMA_UNSUPPORTED', 'not-applied']);
});
