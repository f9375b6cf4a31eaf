import type { ContainerRuntimeClient } from 'testcontainers';

/** Where containers are reached. */
export interface PublishedAddress {
  /** What to connect to. */
  readonly host: string;
  /** The address that ports are published on: one that nobody beyond this machine reaches, if there is one. */
  readonly bindTo: string;
}

/**
 * Finds where ports are published. An engine on this machine: 127.0.0.1. This process in a container beside those of
 * the tests: the gateway of Docker's own network. An engine on another machine: all of its addresses, for want of
 * one that is known to be reached from here.
 */
export async function publishedAddress({ info, container }: ContainerRuntimeClient): Promise<PublishedAddress> {
  const { host } = info.containerRuntime;
  if (['localhost', '127.0.0.1', '::1'].includes(host)) return { host: '127.0.0.1', bindTo: '127.0.0.1' };
  return { host, bindTo: (await gateways(container)).includes(host) ? host : '' };
}

async function gateways({ dockerode }: ContainerRuntimeClient['container']): Promise<readonly unknown[]> {
  // What dockerode says of a network is untyped.
  const bridge = (await dockerode
    .getNetwork('bridge')
    .inspect()
    .catch(() => undefined)) as { IPAM?: { Config?: readonly { Gateway?: string }[] | null } } | undefined;
  return (bridge?.IPAM?.Config ?? []).map((it) => it.Gateway);
}
