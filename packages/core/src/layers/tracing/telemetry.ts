import type { Named } from '../../operations/named.ts';
import { inActiveSpan } from './active-span.ts';
import { operationAttributes } from './attributes.ts';
import { Instruments } from './instruments.ts';
import { Observation } from './observation.ts';
import { operationChannel } from './operation-channel.ts';
import { failure, type OperationEnd } from './operation-end.ts';
import type { TracedOperation } from './operation-message.ts';
import type { TracingSettings } from './tracing-options.ts';

/** How the end of an operation is told from what it answers or throws. */
export interface Reading<T> {
  readonly answered: (answer: T) => OperationEnd;
  readonly failed?: (thrown: unknown) => OperationEnd;
}

/** Where the operations of a layer are reported to. */
export class Telemetry {
  readonly #settings: TracingSettings;
  readonly #instruments: Instruments | undefined;
  readonly #channel = operationChannel();

  constructor(settings: TracingSettings) {
    this.#settings = settings;
    const { meter, system } = settings;
    this.#instruments = meter && new Instruments(meter, system);
  }

  /** Whether anybody wants to know of an operation that begins now. */
  get listening(): boolean {
    return (
      this.#settings.tracer !== undefined || this.#instruments !== undefined || this.#channel?.hasSubscribers === true
    );
  }

  /** Runs an operation and tells how it ended; answers, or fails, as it does. */
  follow<T>(operation: Named, call: () => Promise<T>, reading: Reading<T>): Promise<T> {
    if (!this.listening) return call();
    return this.begin(operation, async (observation) => {
      try {
        const answer = await call();
        observation.end(read(() => reading.answered(answer)));
        return answer;
      } catch (thrown) {
        observation.end(read(() => (reading.failed ?? failure)(thrown)));
        throw thrown;
      }
    });
  }

  /** Begins an operation and runs, while its span is active, what must see that it is ended, and must not throw. */
  begin<T>({ name, path }: Named, run: (observation: Observation) => T): T {
    const { tracer, system, paths } = this.#settings;
    const operation = name as TracedOperation;
    const shown = paths === 'full' ? path : undefined;
    const channel = this.#channel?.hasSubscribers === true ? this.#channel : undefined;
    const attributes = operationAttributes(system, operation);
    if (shown !== undefined) attributes['holdfast.path'] = shown;
    // An update is made of operations, which are the ones that call the backend.
    const kind = operation === 'casUpdate' || operation === 'transact' ? 0 : 2;
    return inActiveSpan(tracer, operation, { kind, attributes }, (span) => {
      const instruments = this.#instruments;
      return run(new Observation({ operation, system, path: shown, span, instruments, channel }));
    });
  }
}

/** An answer of a stranger's filesystem may throw when it is looked at, which is for the caller to find out. */
function read(reading: () => OperationEnd): OperationEnd {
  try {
    return reading();
  } catch {
    return {};
  }
}
