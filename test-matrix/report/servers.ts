import { describeFailure, presentable } from './failure.ts';
import type { Failure, ServerName, ServerReport } from './matrix-report.ts';

/** As much of a server of `@holdfast/test-servers` as the matrix uses. */
export interface StartedServer {
  readonly url: string;
  readonly source: 'environment' | 'docker' | 'binary';
  readonly description: string;
  readonly authToken?: string | undefined;
  stop(): Promise<void>;
}

/** How each server is started. */
export type ServerStarters = { readonly [Name in ServerName]: () => Promise<StartedServer> };

/** Where servers come from. Loaded when one is needed, since a run without servers should not wait for it. */
export const TEST_SERVERS: ServerStarters = {
  postgres: async () => (await import('@holdfast/test-servers')).startPostgres(),
  libsql: async () => (await import('@holdfast/test-servers')).startLibsqlServer(),
};

/** The servers of a run. */
export interface Servers {
  /** What became of each; after `stop`, also why one did not stop. */
  readonly reports: () => readonly ServerReport[];
  /** Why a server did not start; `undefined` when it did. */
  readonly failureOf: (server: ServerName) => Failure | undefined;
  /** Stops all of them and takes their addresses out of the environment. Does not reject. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts servers, all at once, and puts their addresses where the harnesses look for them: into
 * `HOLDFAST_POSTGRES_URL`, `HOLDFAST_LIBSQL_URL` and `HOLDFAST_LIBSQL_AUTH_TOKEN`. Does not reject: what does not
 * start is in the reports.
 */
export async function startServers(
  names: readonly ServerName[],
  starters: ServerStarters = TEST_SERVERS,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Servers> {
  const before = { ...environment };
  const reports = new Map<ServerName, ServerReport>();
  const running: { readonly name: ServerName; readonly server: StartedServer }[] = [];

  const start = async (name: ServerName): Promise<void> => {
    try {
      const server = await starters[name]();
      running.push({ name, server });
      const { source, description } = server;
      reports.set(name, { server: name, source, description: presentable(description), failure: null });
      set(environment, addressOf(name, server));
    } catch (error) {
      const failure = describeFailure('server', error);
      reports.set(name, { server: name, source: null, description: null, failure });
    }
  };
  await Promise.all(names.map(start));

  const stop = async (): Promise<void> => {
    for (const { name, server } of running.splice(0)) {
      await server.stop().catch((error: unknown) => {
        const report = reports.get(name) as ServerReport;
        reports.set(name, { ...report, failure: describeFailure('stop', error) });
      });
      set(environment, restored(addressOf(name, server), before));
    }
  };
  return {
    reports: () => names.map((name) => reports.get(name) as ServerReport),
    failureOf: (name) => {
      const report = reports.get(name);
      return report?.source === null ? (report.failure ?? undefined) : undefined;
    },
    stop,
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

function addressOf(name: ServerName, { url, authToken }: StartedServer): Variables {
  if (name === 'postgres') return { HOLDFAST_POSTGRES_URL: url };
  return { HOLDFAST_LIBSQL_URL: url, HOLDFAST_LIBSQL_AUTH_TOKEN: authToken };
}

function restored(variables: Variables, before: Variables): Variables {
  return Object.fromEntries(Object.keys(variables).map((key) => [key, before[key]]));
}

function set(environment: NodeJS.ProcessEnv, variables: Variables): void {
  for (const [key, value] of Object.entries(variables)) {
    if (value === undefined) delete environment[key];
    else environment[key] = value;
  }
}
