import { keepContext, type InContext } from './async-context.ts';
import { failure } from './operation-end.ts';
import type { Telemetry } from './telemetry.ts';

const RUN: InContext = (run) => run();

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
    // Without a span there is nothing to keep, and each step stays in the context of whoever asks for it.
    inside: begun.hasSpan ? keepContext() : RUN,
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
