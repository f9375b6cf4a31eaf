import { expect, test } from 'vitest';
import { Calls } from './calls.ts';
import { faultEveryCall } from './fault-every-call.ts';
import type { Store } from './stage.ts';

/** Trials wait for deadlines to pass: the short form for half a minute, the full one for ten times that. */
const TEST_TIMEOUT_MS = 30 * 60_000;

/** Defines the test of one backend. */
export function testEveryCall(
  where: string,
  makeStore: (calls: Calls) => Promise<Store>,
  { deadlineMs }: { readonly deadlineMs: number },
): void {
  test(
    `${where}: whichever call to the backend fails, nothing hangs, lies, is half done or left behind`,
    async (context) => {
      const calls = new Calls();
      const store = await makeStore(calls);
      try {
        expect(await faultEveryCall(context, { where, store, calls, deadlineMs })).toEqual([]);
      } finally {
        calls.disarm();
        await store.close();
      }
    },
    TEST_TIMEOUT_MS,
  );
}
