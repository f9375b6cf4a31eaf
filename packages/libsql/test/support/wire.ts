import { FaultProxy } from '@holdfast/contract';
import type { LibsqlConfig } from '../../src/index.ts';
import { serverConfig } from './server.ts';

/** Stands between a store and a server, and can stop passing on what either says. */
export interface Wire extends AsyncDisposable {
  config(protocol: 'http' | 'ws'): LibsqlConfig;
  /** Nothing that the server says is passed on from now on; what is said to it still is, unless told otherwise. */
  hold(options?: { readonly requests: boolean }): void;
  /** Everything is passed on again, on new connections. */
  letGo(): void;
  /** Nothing is passed on any more on the connections that there are, for good; those made from now on are well. */
  lose(): void;
  /** How many connections there are to it. */
  connections(): number;
  /** How often the server was told something, counting as one whatever was said before it answered. */
  roundTrips(): number;
  /** Ends every connection. */
  cut(): void;
  /** Resolves when the server has said something that was held back. */
  answered(): Promise<void>;
}

/** A wire to the server that the tests run on. */
export async function makeWire(): Promise<Wire> {
  const target = serverConfig().url;
  const proxy = await FaultProxy.start({ target });
  const atOnce = { at: { afterMs: 0 } } as const;
  const lose = (...directions: readonly ('requests' | 'replies')[]): void => {
    for (const on of directions) proxy.add({ on, ...atOnce, effect: 'lose' });
  };
  const cut = (): void => void proxy.add({ on: 'replies', ...atOnce, effect: 'reset' });
  return {
    config: (protocol) => ({ ...serverConfig(protocol), url: proxy.through(`${protocol}://server:1`) }),
    hold: ({ requests } = { requests: true }) => (requests ? lose('replies') : lose('replies', 'requests')),
    lose() {
      lose('replies', 'requests');
      proxy.clear();
    },
    letGo() {
      cut();
      proxy.clear();
    },
    cut,
    connections: () => proxy.counts.connections,
    roundTrips: () => proxy.counts.roundTrips,
    // What is lost has arrived here all the same.
    answered: () => proxy.add({ on: 'replies', effect: 'drop' }).happened,
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  };
}
