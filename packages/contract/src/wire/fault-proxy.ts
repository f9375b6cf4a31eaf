import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { clock, invalidArgument, readOptions, type Timer } from '@holdfast/core/adapter';
import { parseRule } from './parse-rule.ts';
import { RuleInForce } from './rule-in-force.ts';
import { WireConnection } from './wire-connection.ts';
import type { WireFault } from './wire-fault.ts';
import type { WireEffect, WireRule } from './wire-rule.ts';

/** What a proxy has seen so far, of all connections together. */
export interface WireCounts {
  /** Connections that clients have now: neither they nor a rule have ended them. */
  readonly connections: number;
  /** Connections that clients have made. */
  readonly made: number;
  /** Messages that arrived from clients, and the bytes of them. */
  readonly requests: number;
  readonly requestBytes: number;
  /** Messages that arrived from the server, and the bytes of them. */
  readonly replies: number;
  readonly replyBytes: number;
  /** How often the server was told something, counting as one whatever was said before it answered. */
  readonly roundTrips: number;
  /** How often rules have applied. */
  readonly faults: number;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };
type Direction = WireRule['on'];
const LASTING: readonly WireEffect[] = ['stall', 'lose'];
const OF_CONNECTIONS: readonly WireEffect[] = ['reset', 'end', ...LASTING];

/**
 * Stands between clients and a server, on a port of 127.0.0.1, and does to what they say what its rules say: it knows nothing
 * of protocols, so it stands in front of anything that speaks TCP. Without rules everything passes as it comes.
 *
 * Disposing of it ends all connections.
 */
export class FaultProxy implements AsyncDisposable {
  readonly #server: Server;
  readonly #connections = new Set<WireConnection>();
  readonly #present = new Set<WireConnection>();
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<Timer>();
  #faults: RuleInForce[] = [];
  #lasting: { readonly on: Direction; readonly effect: WireEffect }[] = [];
  readonly #counts = nothingCounted();
  #answered = true;

  private constructor(target: URL) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
      const host = target.hostname.replace(/^\[(?<address>.*)\]$/, '$<address>');
      this.#connect(near, connect({ host, port: Number(target.port), allowHalfOpen: true }));
    });
  }

  /**
   * Starts one in front of a server.
   *
   * @param options `target`: where the server is, as `host:port` or a URL with a port
   * @throws HoldfastError `INVALID_ARGUMENT`
   */
  static async start(options: { readonly target: string }): Promise<FaultProxy> {
    const proxy = new FaultProxy(parseTarget(readOptions('options', options, ['target']).target));
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  /** Where it is: host and port. */
  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** A URL of the server as it is through this proxy: with another host and port, and otherwise the same. */
  through(url: string): string {
    // Not by `host`, which URLs of protocols that they do not know take no port from.
    const other = new URL(url);
    [other.hostname = '', other.port = ''] = this.host.split(':');
    return other.href;
  }

  /**
   * Adds a rule. Of several that apply at one byte the first that was added does so first.
   *
   * @throws HoldfastError `INVALID_ARGUMENT`
   */
  add(rule: WireRule): WireFault {
    const fault = new RuleInForce(parseRule(rule), () => {
      this.#counts.faults += 1;
      this.#await(fault);
    });
    this.#faults.push(fault);
    this.#await(fault);
    return fault;
  }

  /** Takes all rules away. What stalls goes on, and new connections are well; what is lost stays lost. */
  clear(): void {
    for (const timer of this.#timers) clock.clearTimeout(timer);
    this.#timers.clear();
    this.#faults = [];
    this.#lasting = [];
    for (const connection of this.#connections) connection.goOn();
  }

  /** What it has seen so far. */
  get counts(): WireCounts {
    return { ...this.#counts, connections: this.#present.size };
  }

  /** Ends every connection, and listens no more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.clear();
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #connect(near: Socket, far: Socket): void {
    const connection = new WireConnection(near, far, {
      begin: (direction, bytes) => this.#begin(direction, bytes),
      affect: (fault, at) => this.#affect(fault, at),
      left: (left) => void this.#present.delete(left),
      closed: (closed) => void this.#connections.delete(closed),
    });
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    this.#counts.made += 1;
    this.#connections.add(connection);
    this.#present.add(connection);
    for (const { on, effect } of this.#lasting) connection.affect(on, effect);
  }

  #begin(direction: Direction, bytes: number): readonly RuleInForce[] {
    this.#counts[direction] += 1;
    this.#counts[direction === 'requests' ? 'requestBytes' : 'replyBytes'] += bytes;
    if (direction === 'requests' && this.#answered) this.#counts.roundTrips += 1;
    this.#answered = direction === 'replies';
    const faults = this.#faults.filter(({ rule }) => rule.on === direction);
    for (const fault of faults) fault.begin();
    return faults;
  }

  /** Waits for the moment of a rule that has one. */
  #await(fault: RuleInForce): void {
    const { at, times } = fault.rule;
    if (!('afterMs' in at) || fault.applied >= times) return;
    if (at.afterMs === 0 && fault.applied === 0) return this.#ripen(fault);
    const timer = clock.setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#ripen(fault);
      },
      at.afterMs,
      { holdsProcess: false },
    );
    this.#timers.add(timer);
  }

  #ripen(fault: RuleInForce): void {
    if (!OF_CONNECTIONS.includes(fault.rule.effect)) return fault.ripen();
    fault.apply();
    this.#affect(fault, undefined);
  }

  /** Does what a rule says about connections: to one, or to all. */
  #affect({ rule }: RuleInForce, at: WireConnection | undefined): void {
    const all = at === undefined || rule.connections === 'all';
    for (const connection of all ? [...this.#connections] : [at]) connection.affect(rule.on, rule.effect);
    if (all && LASTING.includes(rule.effect)) this.#lasting.push(rule);
  }
}

function nothingCounted(): Omit<Mutable<WireCounts>, 'connections'> {
  return { made: 0, requests: 0, requestBytes: 0, replies: 0, replyBytes: 0, roundTrips: 0, faults: 0 };
}

function parseTarget(target: unknown): URL {
  if (typeof target === 'string') {
    const url = /^[a-z][a-z\d+.-]*:\/\//i.test(target) ? target : `tcp://${target}`;
    // Protocols with a port of their own would hide it.
    const parsed = URL.canParse(url) ? new URL(url.replace(/^[^:]*/, 'tcp')) : undefined;
    if (parsed !== undefined && parsed.hostname !== '' && parsed.port !== '') return parsed;
  }
  throw invalidArgument('target', 'host:port, or a URL with a port', target);
}
