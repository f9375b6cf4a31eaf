import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { followGlobals } from '@holdfast/test-support';
import { expect, test, vi } from 'vitest';
import { Sockets } from './sockets.ts';

/** A server, where it is, and the sockets that it was asked over. */
async function serve(answer: (asked: IncomingMessage, response: ServerResponse) => void) {
  const sockets = new Set<Socket>();
  const server: Server = createServer(answer).listen(0, '127.0.0.1');
  server.on('connection', (socket) => void sockets.add(socket));
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v2/pipeline`,
    sockets,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const post = (url: string, body = 'asked') =>
  new Request(url, { method: 'POST', body, headers: { 'content-type': 'text/plain', authorization: 'Bearer x' } });

/** Answers with what was asked: method, path, headers and body. */
async function echo(asked: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of asked) parts.push(part as Buffer);
  const { 'content-type': type, 'content-length': length, authorization } = asked.headers;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify([asked.method, asked.url, type, length, authorization, Buffer.concat(parts).toString()]));
}

const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('a request arrives as it is, so does its answer, and the socket serves the next one', async () => {
  await using server = await serve((asked, response) => void echo(asked, response));
  const sockets = new Sockets();
  for (const text of ['first', 'é'.repeat(100_000)]) {
    const response = await sockets.fetch(post(server.url, text));
    expect([response.status, response.ok, response.headers.get('content-type')]).toEqual([
      200,
      true,
      'application/json',
    ]);
    const length = String(Buffer.byteLength(text));
    expect(await response.json()).toEqual(['POST', '/v2/pipeline', 'text/plain', length, 'Bearer x', text]);
  }
  expect(server.sockets.size).toBe(1);
  sockets.close();
});

test.each([204, 401, 503, 999])('the status %i is told, as far as a response can have it', async (status) => {
  await using server = await serve((_asked, response) => void response.writeHead(status).end());
  const sockets = new Sockets();
  const response = await sockets.fetch(post(server.url));
  expect([response.status, await response.text()]).toEqual([Math.min(status, 599), '']);
  sockets.close();
});

test('a redirection is followed as the global fetch does', async () => {
  await using server = await serve((asked, response) => {
    if (asked.url === '/elsewhere') void echo(asked, response);
    else response.writeHead(308, { location: '/elsewhere' }).end();
  });
  const sockets = new Sockets();
  const response = await sockets.fetch(post(server.url));
  expect(await response.json()).toMatchObject(['POST', '/elsewhere', 'text/plain', '5', 'Bearer x', 'asked']);
  sockets.close();
});

test('what fails fails as the global fetch does, and says whether there ever was a connection', async () => {
  const sockets = new Sockets();
  const refused = await failure(sockets.fetch(post('http://127.0.0.1:1/')));
  expect(refused).toMatchObject({ name: 'TypeError', message: 'fetch failed', cause: { syscall: 'connect' } });
  await using cutting = await serve((asked) => void asked.socket.destroy());
  expect(await failure(sockets.fetch(post(cutting.url)))).toMatchObject({ cause: { code: 'ECONNRESET' } });
  await using halfway = await serve((_asked, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setImmediate(() => response.destroy());
  });
  expect(await failure(sockets.fetch(post(halfway.url)))).toMatchObject({ message: 'fetch failed' });
  sockets.close();
});

test('a request that is cancelled fails with the reason, and its socket is closed', async () => {
  await using server = await serve(() => {});
  const sockets = new Sockets();
  const cancelled = new AbortController();
  const asking = failure(sockets.fetch(post(server.url), { signal: cancelled.signal }));
  await expect.poll(() => server.sockets.size).toBe(1);
  const [socket] = server.sockets;
  cancelled.abort('enough');
  expect(await asking).toBe('enough');
  await expect.poll(() => socket?.destroyed).toBe(true);
});

test('a server that says nothing for too long has not answered, and its socket is closed', async () => {
  await using server = await serve((asked, response) => {
    if (asked.url === '/half') response.writeHead(200, { 'content-length': 10 }).write('half');
  });
  const sockets = new Sockets({ longestSilenceMs: 20 });
  for (const path of ['/nothing', '/half']) {
    const asking = sockets.fetch(post(new URL(path, server.url).href));
    expect(await failure(asking)).toMatchObject({ message: 'fetch failed' });
  }
  await expect.poll(() => [...server.sockets].every(({ destroyed }) => destroyed)).toBe(true);
});

test('only sockets that nobody uses are closed, and all of them at the end', async () => {
  const held: ServerResponse[] = [];
  await using server = await serve((asked, response) => {
    if (asked.url === '/held') held.push(response);
    else response.end('done');
  });
  const sockets = new Sockets();
  const holding = sockets.fetch(post(new URL('/held', server.url).href));
  await expect.poll(() => held.length).toBe(1);
  await sockets.fetch(post(server.url));
  const [first, second] = server.sockets;
  sockets.closeIdle();
  await expect.poll(() => second?.destroyed).toBe(true);
  expect(first?.destroyed).toBe(false);
  held[0]?.end('held');
  expect(await (await holding).text()).toBe('held');
  sockets.close();
  await expect.poll(() => first?.destroyed).toBe(true);
});

test('a handshake that does not end is given up after ten seconds, and nothing was sent', async () => {
  await using server = await serve(() => {});
  const restore = followGlobals();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const sockets = new Sockets();
    const asking = failure(sockets.fetch(post(server.url.replace('http:', 'https:'))));
    while (vi.getTimerCount() === 0) await new Promise(setImmediate);
    vi.advanceTimersByTime(10_000);
    expect(await asking).toMatchObject({ message: 'fetch failed', cause: { syscall: 'connect' } });
  } finally {
    vi.useRealTimers();
    restore();
  }
});
