import { expect, test, vi } from 'vitest';
import { startLibsqlServer, startPostgres } from '../src/index.ts';
import { silentListener } from './support/silent-listener.ts';

test('an engine that is configured and does not answer is waited for, but not for long', async () => {
  vi.stubEnv('HOLDFAST_SERVERS', undefined);
  vi.stubEnv('HOLDFAST_LIBSQL_URL', undefined);
  await using engine = await silentListener();
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${engine.port}`);
  {
    await using server = await startLibsqlServer();
    expect(server.source).toBe('binary');
  }
  const message = 'PostgreSQL was to come from Docker, but no Docker engine answers. Start one, or unset';
  await expect(startPostgres({ only: 'docker' })).rejects.toThrow(message);
});
