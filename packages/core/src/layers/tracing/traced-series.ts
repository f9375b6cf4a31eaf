import { countedPage, type EntriesPage, type Given } from '../../operations/entries/entries-page.ts';
import type { Operation } from '../../operations/operation.ts';
import type { Series } from '../../operations/series.ts';
import { keepContext, type InContext } from './async-context.ts';
import type { Observation } from './observation.ts';
import { failure, type OperationEnd } from './operation-end.ts';
import type { Telemetry } from './telemetry.ts';

const RUN: InContext = (run) => run();

/** What is told of an iteration that is under way. */
interface Traced {
  readonly observation: Observation;
  readonly inside: InContext;
  readonly given: Given;
}

/**
 * The pages of an iteration, as one operation: from the first that is asked for until there are no more, one fails, or
 * the consumer stops. The span of it is active while pages are fetched, and not while entries are consumed.
 */
export class TracedSeries {
  readonly #telemetry: Telemetry;
  #traced: Traced | undefined;

  constructor(telemetry: Telemetry, series: Series) {
    this.#telemetry = telemetry;
    // A consumer that stops early has what it wanted, whatever made it stop.
    series.onEnd((failed) => this.#end(failed));
  }

  async follow<R>(operation: Operation<R>, call: () => Promise<R>): Promise<R> {
    if (this.#traced === undefined && !this.#telemetry.listening) return await call();
    const { inside, given } = (this.#traced ??= this.#begin(operation));
    try {
      return countedPage((await inside(call)) as unknown as EntriesPage, given) as unknown as R;
    } catch (thrown) {
      this.#end({ thrown });
      throw thrown;
    }
  }

  #begin(operation: Operation): Traced {
    return this.#telemetry.begin(operation, (observation) => ({
      observation,
      // Without a span there is nothing to keep, and each page stays in the context of whoever asks for it.
      inside: observation.hasSpan ? keepContext() : RUN,
      given: { entries: 0 },
    }));
  }

  #end(failed: { readonly thrown: unknown } | undefined): void {
    const { observation, given } = this.#traced ?? {};
    this.#traced = undefined;
    if (given === undefined) return;
    const thrown = failed ?? given.failed;
    const end: OperationEnd = thrown === undefined ? {} : failure(thrown.thrown);
    observation?.end({ ...end, returned: given.entries });
  }
}
