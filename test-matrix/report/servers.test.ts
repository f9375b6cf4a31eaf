import { expect, test } from 'vitest';
import { startServers, type ServerStarters, type StartedServer } from './servers.ts';

function server(changes: Partial<StartedServer> = {}): StartedServer {
  return {
    url: 'postgres://me:pw@host/db',
    source: 'binary',
    description: 'A server',
    stop: async () => {},
    ...changes,
  };
}

const none = () =>
  Promise.reject(Object.assign(new Error('nothing at postgres://me:pw@host/db'), { code: 'NO_SERVER' }));

const starters: ServerStarters = {
  postgres: async () => server(),
  libsql: async () => server({ url: 'http://host', authToken: 'token', source: 'docker' }),
};

test('the addresses are in the environment until the servers are stopped', async () => {
  const environment: NodeJS.ProcessEnv = { HOLDFAST_LIBSQL_URL: 'before' };
  const servers = await startServers(['postgres', 'libsql'], starters, environment);
  expect(environment).toEqual({
    HOLDFAST_POSTGRES_URL: 'postgres://me:pw@host/db',
    HOLDFAST_LIBSQL_URL: 'http://host',
    HOLDFAST_LIBSQL_AUTH_TOKEN: 'token',
  });
  expect(servers.reports()).toEqual([
    { server: 'postgres', source: 'binary', description: 'A server', failure: null },
    { server: 'libsql', source: 'docker', description: 'A server', failure: null },
  ]);
  await servers.stop();
  expect(environment).toEqual({ HOLDFAST_LIBSQL_URL: 'before' });
});

test('only what is asked for is started', async () => {
  const environment: NodeJS.ProcessEnv = {};
  const servers = await startServers(['postgres'], { ...starters, libsql: none }, environment);
  expect(servers.reports()).toHaveLength(1);
  expect(Object.keys(environment)).toEqual(['HOLDFAST_POSTGRES_URL']);
});

test('one that does not start is told with its code and without its password, and the other one runs', async () => {
  const servers = await startServers(['postgres', 'libsql'], { ...starters, postgres: none }, {});
  const failure = { stage: 'server', code: 'NO_SERVER', reason: 'Error: nothing at postgres://…@host/db' };
  expect(servers.reports()[0]).toEqual({ server: 'postgres', source: null, description: null, failure });
  expect(servers.failureOf('postgres')).toEqual(failure);
  expect(servers.failureOf('libsql')).toBeUndefined();
});

test('one that does not stop is told, after all others were stopped', async () => {
  const stopped: string[] = [];
  const stuck = server({ stop: () => Promise.reject(new Error('it hangs')) });
  const other = server({ stop: async () => void stopped.push('libsql') });
  const servers = await startServers(
    ['postgres', 'libsql'],
    { postgres: async () => stuck, libsql: async () => other },
    {},
  );
  await servers.stop();
  expect(stopped).toEqual(['libsql']);
  expect(servers.reports()[0]).toMatchObject({
    source: 'binary',
    failure: { stage: 'stop', reason: 'Error: it hangs' },
  });
  expect(servers.failureOf('postgres')).toBeUndefined();
});
