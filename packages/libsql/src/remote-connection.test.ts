import { expect, test } from 'vitest';
import { NO_DEADLINE } from '@holdfast/sql';
import { bind } from './bind.ts';
import type { LibsqlClient, LibsqlResult } from './client.ts';
import { RemoteConnection } from './remote-connection.ts';

/** A client whose calls wait until they are let go, and how many of them wait at most. */
function makeClient() {
  const waiting: (() => void)[] = [];
  let most = 0;
  const execute = (): Promise<LibsqlResult> =>
    new Promise((resolve) => {
      waiting.push(() => resolve({ rows: [], rowsAffected: 1 }));
      most = Math.max(most, waiting.length);
    });
  const client = { protocol: 'http', closed: false, execute } as unknown as LibsqlClient;
  const letGo = async (work: Promise<unknown>): Promise<void> => {
    let done = false;
    void work.finally(() => (done = true));
    while (!done) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
  };
  return { client, most: () => most, letGo };
}

test('few writes are under way at once, however many reads may be', async () => {
  for (const [method, most] of [
    ['write', 2],
    ['read', 5],
  ] as const) {
    const { client, most: seen, letGo } = makeClient();
    const connection = new RemoteConnection({
      clientFor: () => client,
      close: () => {},
      concurrency: 5,
      busyTimeoutMs: 0,
    });
    const call = (): Promise<unknown> =>
      method === 'write'
        ? connection.write([bind('delete from t', [])], NO_DEADLINE)
        : connection.read(bind('select 1', []), NO_DEADLINE);
    await letGo(Promise.all(Array.from({ length: 20 }, call)));
    expect(seen()).toBe(most);
  }
});
