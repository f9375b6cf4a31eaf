import { startLibsqlServer } from './start-libsql-server.ts';
import { startPostgres } from './start-postgres.ts';

/** Set while servers of this setup run, whose addresses are in the environment then. */
const RUNNING = 'HOLDFAST_TEST_SERVERS_RUN';

/**
 * Starts the servers that the test files share, tells where they came from, and hands them on in the environment,
 * which test files inherit. Resolves with what stops them. Several projects of tests may ask for it; only the first
 * starts servers.
 */
export async function setup(): Promise<() => Promise<void>> {
  if (process.env[RUNNING] !== undefined) return async () => {};
  const [postgres, libsql] = await startBoth();
  console.log(`Servers of this run: ${postgres.description}; ${libsql.description}\n`);
  const restore = setEnvironment({
    HOLDFAST_POSTGRES_URL: postgres.url,
    HOLDFAST_LIBSQL_URL: libsql.url,
    HOLDFAST_LIBSQL_AUTH_TOKEN: libsql.authToken,
    [RUNNING]: '1',
    // The choice was made here: for a test file, the servers are where the URLs say.
    HOLDFAST_SERVERS: undefined,
  });
  return async () => {
    restore();
    await Promise.all([postgres.stop(), libsql.stop()]);
  };
}

async function startBoth() {
  const postgres = startPostgres();
  const libsql = startLibsqlServer();
  try {
    return await Promise.all([postgres, libsql]);
  } catch (error) {
    // One server alone is of no use, and nobody would stop it.
    for (const started of await Promise.allSettled([postgres, libsql])) {
      if (started.status === 'fulfilled') await started.value.stop();
    }
    throw error;
  }
}

/** Sets or unsets variables of the environment; the result puts them back. */
function setEnvironment(values: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.fromEntries(Object.keys(values).map((name) => [name, process.env[name]]));
  const apply = (given: Readonly<Record<string, string | undefined>>) => {
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  apply(values);
  return () => apply(before);
}
