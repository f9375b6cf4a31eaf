import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { getContainerRuntimeClient } from 'testcontainers';
import { expect, test, vi } from 'vitest';
import { startContainer } from '../src/docker/container.ts';
import { engineAnswers } from '../src/docker/engine.ts';
import { libsqlImage, postgresImage } from '../src/docker/images.ts';
import { publishedAddress } from '../src/docker/published-address.ts';
import { startLibsqlServer, startPostgres } from '../src/index.ts';
import { execute } from './support/libsql.ts';
import { query } from './support/query.ts';

test('the images are those of docker-compose.yml', () => {
  const compose = readFileSync(new URL('../../docker-compose.yml', import.meta.url), 'utf8');
  const images = [...compose.matchAll(/^ +image: (\S+)$/gm)].map((it) => it[1]);
  expect(images).toEqual([postgresImage, libsqlImage]);
});

/** Starts from Docker; where no engine answers, sees to it that this is refused, and resolves with nothing. */
async function fromDocker<Started>(start: () => Promise<Started>): Promise<Started | undefined> {
  if (await engineAnswers()) return start();
  await expect(start()).rejects.toThrow(/was to come from Docker, but no Docker engine answers\. Start one, or unset/);
  return undefined;
}

test('PostgreSQL runs in a container for as long as it is wanted', async () => {
  const server = await fromDocker(() => startPostgres({ only: 'docker' }));
  if (!server) return;
  expect(server.source).toBe('docker');
  expect(server.description).toMatch(/^PostgreSQL 18\.\d+ from Docker \(postgres:18\S+\)$/);
  const settings = await query(
    server.url,
    `SELECT current_setting('fsync') AS fsync, current_setting('max_connections') AS connections, datlocale AS locale
     FROM pg_database WHERE datname = current_database()`,
  );
  expect(settings).toEqual([{ fsync: 'on', connections: '300', locale: 'C.UTF-8' }]);

  // It listens where it is reached, and nowhere else.
  const client = await getContainerRuntimeClient();
  const { bindTo } = await publishedAddress(client);
  const ports = (await client.container.list()).flatMap((it) => it.Ports);
  const [published] = ports.filter((it) => it.PublicPort === Number(new URL(server.url).port));
  expect(published?.IP).toBe(bindTo === '' ? '0.0.0.0' : bindTo);

  await server.stop();
  await expect(query(server.url, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  await server.stop();
});

test('a libSQL server runs in a container for as long as it is wanted', async () => {
  const server = await fromDocker(() => startLibsqlServer({ only: 'docker' }));
  if (!server) return;
  expect(server.source).toBe('docker');
  expect(server.description).toMatch(/^libSQL server \d+\.\d+\.\d+ from Docker \(ghcr\.io\/\S+\)$/);
  expect(await execute(server, 'SELECT 1')).toMatchObject({ status: 200 });
  expect(await execute({ ...server, authToken: undefined }, 'SELECT 1')).toMatchObject({ status: 401 });
  await server.stop();
  await expect(execute(server, 'SELECT 1')).rejects.toThrow('fetch failed');
});

test('the image that testcontainers would clean up with need not be there', async () => {
  vi.stubEnv('RYUK_CONTAINER_IMAGE', 'holdfast.invalid/not-there:1');
  await using server = await fromDocker(() => startLibsqlServer({ only: 'docker' }));
  if (!server) return;
  expect(server.source).toBe('docker');
});

test('an image that cannot be had is an error, not a reason to look elsewhere', async () => {
  await fromDocker(async () => {
    const attempt = startContainer({
      name: 'The server',
      image: 'holdfast.invalid/not-there:1',
      environment: {},
      port: 1,
      ask: () => Promise.resolve('1'),
    });
    if (!(await engineAnswers())) return attempt;
    await expect(attempt).rejects.toThrow(/^The server did not start from Docker .* HOLDFAST_SERVERS=binary/s);
    return undefined;
  });
});

test('a server that ends at once is an error, and its container is removed', async () => {
  const marker = randomUUID();
  await fromDocker(async () => {
    const attempt = startContainer({
      name: 'The server',
      image: libsqlImage,
      environment: {},
      command: ['/bin/false', marker],
      port: 8080,
      ask: () => Promise.resolve('1'),
    });
    if (!(await engineAnswers())) return attempt;
    await expect(attempt).rejects.toThrow(/^The server did not start from Docker .* HOLDFAST_SERVERS=binary/s);
    const { container } = await getContainerRuntimeClient();
    const all = await container.dockerode.listContainers({ all: true });
    expect(all.filter((it) => it.Command.includes(marker))).toEqual([]);
    return undefined;
  });
});
