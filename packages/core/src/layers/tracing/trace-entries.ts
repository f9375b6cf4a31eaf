import { keepContext } from './async-context.ts';
import { failure } from './operation-end.ts';
import type { Telemetry } from './telemetry.ts';

/**
 * The same entries, as one operation: from the first that is asked for until there are no more, one fails, or the
 * consumer stops. The span of it is active while entries are fetched, and not while they are consumed.
 */
export async function* traceEntries<T>(
  telemetry: Telemetry,
  prefix: string,
  entries: AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const { observation, inside } = telemetry.begin('entries', prefix, (begun) => ({
    observation: begun,
    inside: keepContext(),
  }));
  let returned = 0;
  const step = async <R>(call: () => Promise<R>): Promise<R> => {
    try {
      return await inside(call);
    } catch (thrown) {
      observation.end({ ...failure(thrown), returned });
      throw thrown;
    }
  };
  try {
    for (;;) {
      const { done, value } = await step(() => entries.next());
      if (done === true) return;
      returned += 1;
      yield value;
    }
  } finally {
    // A consumer that stops early has what it wanted, whatever made it stop.
    await step(() => entries.return());
    observation.end({ returned });
  }
}
