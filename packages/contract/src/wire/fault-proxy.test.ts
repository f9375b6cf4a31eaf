import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { isHoldfastError } from '@holdfast/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FaultProxy } from './fault-proxy.ts';
import type { WireRule } from './wire-rule.ts';

/** A client that takes a line for an answer. */
class Client {
  readonly socket: Socket;
  heard = '';
  /** How it has ended, if it has: `end`, or the code of an error. */
  end: string | undefined;
  readonly #closed: Promise<unknown>;

  constructor(host: string) {
    const [hostname = '', port = ''] = host.split(':');
    this.socket = connect({ host: hostname, port: Number(port) });
    this.socket.setEncoding('latin1').on('data', (text) => (this.heard += String(text)));
    this.socket.on('end', () => (this.end = 'end'));
    this.socket.on('error', (error: NodeJS.ErrnoException) => (this.end = error.code));
    this.#closed = once(this.socket, 'close').catch(() => {});
  }

  say(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Says something and resolves with what it has heard once that is so long. */
  async hears(text: string, length = text.length): Promise<string> {
    this.heard = '';
    if (text !== '') this.say(text);
    await vi.waitUntil(() => this.heard.length >= length, { interval: 1, timeout: 5000 });
    return this.heard;
  }

  async ends(): Promise<string | undefined> {
    await this.#closed;
    return this.end;
  }
}

const echo = createServer((socket) => {
  seen.add(socket);
  socket.on('error', () => {}).on('close', () => seen.delete(socket));
  socket.pipe(socket);
});
const seen = new Set<Socket>();
let proxy: FaultProxy;
const clients: Client[] = [];

function client(): Client {
  const made = new Client(proxy.host);
  clients.push(made);
  return made;
}

beforeEach(async () => {
  echo.listen(0, '127.0.0.1');
  await once(echo, 'listening');
  proxy = await FaultProxy.start({ target: `127.0.0.1:${(echo.address() as AddressInfo).port}` });
});

afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await proxy[Symbol.asyncDispose]();
  for (const socket of seen) socket.destroy();
  echo.close();
});

test('without rules everything passes, ends too, and is counted', async () => {
  const one = client();
  expect(await one.hears('hello')).toBe('hello');
  expect(await one.hears('again')).toBe('again');
  const counted = { made: 1, requests: 2, requestBytes: 10, replies: 2, replyBytes: 10, roundTrips: 2, faults: 0 };
  expect(proxy.counts).toEqual({ connections: 1, ...counted });
  one.socket.end();
  expect(await one.ends()).toBe('end');
  await expect.poll(() => proxy.counts.connections).toBe(0);
});

test.each(['reset', 'end'] as const)('%s: what came before the byte arrives, and both ends know', async (effect) => {
  const fault = proxy.add({ on: 'replies', at: { byte: 4 }, effect });
  const one = client();
  expect(await one.hears('hello', 3)).toBe('hel');
  expect(await one.ends()).toBe(effect === 'end' ? 'end' : 'ECONNRESET');
  await expect.poll(() => seen.size).toBe(0);
  expect([fault.applied, proxy.counts.faults, proxy.counts.connections]).toEqual([1, 1, 0]);
  await fault.happened;
  expect(await client().hears('well')).toBe('well');
});

test('a request can be cut in its middle, so that the server never has the rest', async () => {
  proxy.add({ on: 'requests', at: { message: 2, share: 0.5 }, effect: 'reset' });
  const one = client();
  expect(await one.hears('first')).toBe('first');
  expect(await one.say('second').ends()).toBe('ECONNRESET');
  expect(proxy.counts.requestBytes).toBe(11);
  expect(proxy.counts.replyBytes).toBeLessThanOrEqual(8);
});

test('a reply that is dropped never comes, and the next one does', async () => {
  proxy.add({ on: 'replies', effect: 'drop' });
  const one = client().say('first');
  await expect.poll(() => proxy.counts.replies).toBe(1);
  expect(await one.hears('second')).toBe('second');
});

test('bytes are changed and repeated where a rule says so, on one connection', async () => {
  proxy.add({ on: 'replies', at: { byte: 2 }, effect: { xor: 0x20 } });
  proxy.add({ on: 'replies', at: { message: 1, share: 0.6 }, effect: { repeat: 3 } });
  expect(await client().hears('hello', 7)).toBe('hEllolo');
});

test('what is delayed comes later and in order', async () => {
  const fault = proxy.add({ on: 'requests', effect: { delayMs: 20 } });
  const began = performance.now();
  const one = client().say('a');
  await fault.happened;
  one.say('b');
  await expect.poll(() => one.heard, { interval: 1 }).toBe('ab');
  // Timers are exact to a millisecond.
  expect(performance.now() - began).toBeGreaterThanOrEqual(19);
});

test('what stalls goes on once the rules are cleared, with all that was said meanwhile, and the end of it', async () => {
  const fault = proxy.add({ on: 'replies', at: { message: 1, share: 0.5 }, effect: 'stall' });
  const one = client();
  expect(await one.hears('four', 2)).toBe('fo');
  await fault.happened;
  one.say('more').socket.end();
  await expect.poll(() => proxy.counts.requests).toBe(2);
  expect(one.heard).toBe('fo');
  proxy.clear();
  expect(await one.ends()).toBe('end');
  expect(one.heard).toBe('fourmore');
});

test('what stalls on all connections stalls on new ones too, until the rules are cleared', async () => {
  const old = client();
  await old.hears('x');
  const rule = { on: 'requests', at: { afterMs: 0 }, effect: 'stall' } as const;
  expect(proxy.add(rule).applied).toBe(1);
  const both = [old, client()].map((each) => each.hears('late'));
  await expect.poll(() => proxy.counts.requests).toBe(3);
  expect(proxy.counts.replies).toBe(1);
  proxy.clear();
  expect(await Promise.all(both)).toEqual(['late', 'late']);
});

test('what is lost is lost for good, also when the rules are cleared, and new connections are well', async () => {
  const old = client();
  await old.hears('x');
  for (const on of ['requests', 'replies'] as const) proxy.add({ on, at: { afterMs: 0 }, effect: 'lose' });
  const fresh = client().say('y');
  await expect.poll(() => proxy.counts.requests).toBe(2);
  proxy.clear();
  old.say('z');
  await expect.poll(() => proxy.counts.requests).toBe(3);
  expect([old.heard, fresh.heard]).toEqual(['x', '']);
  expect(await client().hears('well')).toBe('well');
  // A client that ends is gone, though nobody tells the server.
  old.socket.end();
  await expect.poll(() => proxy.counts.connections).toBe(2);
  expect(seen.size).toBe(3);
});

test('a moment comes whether anything is said or not, and all connections end, as often as is asked for', async () => {
  const both = [client(), client()];
  for (const each of both) await each.hears('x');
  const fault = proxy.add({ on: 'replies', at: { afterMs: 1 }, effect: 'reset', times: Infinity });
  expect(await Promise.all([...both, client()].map((each) => each.ends()))).toEqual(Array(3).fill('ECONNRESET'));
  await expect.poll(() => fault.applied).toBeGreaterThan(2);
});

test('a rule for all connections ends all, each time so many messages have passed', async () => {
  const fault = proxy.add({ on: 'replies', at: { message: 3 }, effect: 'reset', connections: 'all', times: Infinity });
  for (let round = 1; round <= 2; round += 1) {
    const [one, other] = [client(), client()];
    await one.hears('a');
    await other.hears('b');
    one.say('c');
    expect([await one.ends(), await other.ends()]).toEqual(['ECONNRESET', 'ECONNRESET']);
    expect(fault.applied).toBe(round);
  }
});

test('a moment that has come is that of the next message for what is about one', async () => {
  proxy.add({ on: 'replies', at: { afterMs: 0 }, effect: { xor: 0x20 } });
  const one = client();
  expect([await one.hears('abc'), await one.hears('abc')]).toEqual(['Abc', 'abc']);
});

test('a client of a server that is not there is reset', async () => {
  echo.close();
  expect(await client().ends()).toBe('ECONNRESET');
});

test('a URL keeps all but its host and port', async () => {
  const { host } = proxy;
  expect(proxy.through('postgres://me:secret@db.example:5432/data?sslmode=disable')).toBe(
    `postgres://me:secret@${host}/data?sslmode=disable`,
  );
  expect(proxy.through('ws://db.example:80/x')).toBe(`ws://${host}/x`);
});

const misused: readonly (readonly [string, object])[] = [
  ['on', { effect: 'reset' }],
  ['effect', { on: 'replies', effect: 'explode' }],
  ['effect', { on: 'replies', effect: { xor: 256 } }],
  ['effect', { on: 'replies', effect: { repeat: 0 } }],
  ['effect', { on: 'replies', effect: { delayMs: -1 } }],
  ['at', { on: 'replies', effect: 'drop', at: { byte: 0 } }],
  ['at', { on: 'replies', effect: 'drop', at: { message: 1, share: 1 } }],
  ['at', { on: 'replies', effect: 'drop', at: {} }],
  ['connections', { on: 'replies', effect: 'drop', connections: 'some' }],
  ['times', { on: 'replies', effect: 'drop', times: 0 }],
  ['rule', { on: 'replies', effect: 'drop', bytes: 1 }],
];

test.each(misused)('a rule whose %s is wrong is refused', (name, rule) => {
  let thrown: unknown;
  try {
    proxy.add(rule as WireRule);
  } catch (error) {
    thrown = error;
  }
  expect(isHoldfastError(thrown, 'INVALID_ARGUMENT') && thrown.message).toMatch(new RegExp(name));
});

test.each(['db.example', 'postgres://db.example/data', '', 7])(
  'a target without a port is refused: %s',
  async (target) => {
    await expect(FaultProxy.start({ target: target as string })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  },
);
