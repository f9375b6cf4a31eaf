import { addEnd, operationAttributes } from './attributes.ts';
import type { CounterLike, HistogramLike, MeterLike } from './meter-like.ts';
import type { OperationEnd } from './operation-end.ts';
import type { TracedOperation } from './operation-message.ts';
import { quietly } from './quietly.ts';

/** What the semantic conventions ask for, in seconds. */
const DURATION_BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/** Up to the default of `maxAttempts`. */
const ATTEMPT_BOUNDARIES = [1, 2, 3, 5, 8, 16, 32, 64, 128, 256];

/** The metrics of a layer. One that the meter fails to create is not measured. */
export class Instruments {
  readonly #system: string;
  #duration: HistogramLike | undefined;
  #attempts: HistogramLike | undefined;
  #conflicts: CounterLike | undefined;

  constructor(meter: MeterLike, system: string) {
    this.#system = system;
    quietly(() => {
      this.#duration = meter.createHistogram('db.client.operation.duration', {
        description: 'Duration of database client operations.',
        unit: 's',
        advice: { explicitBucketBoundaries: [...DURATION_BOUNDARIES] },
      });
    });
    quietly(() => {
      this.#attempts = meter.createHistogram('holdfast.cas.attempts', {
        description: 'Attempts that a casUpdate or transact began.',
        unit: '{attempt}',
        advice: { explicitBucketBoundaries: [...ATTEMPT_BOUNDARIES] },
      });
    });
    quietly(() => {
      this.#conflicts = meter.createCounter('holdfast.cas.conflicts', {
        description: 'Attempts of casUpdate or transact that lost a race or found the backend busy.',
        unit: '{conflict}',
      });
    });
  }

  record(operation: TracedOperation, durationMs: number, end: OperationEnd): void {
    const attributes = (): Record<string, string | number | boolean> =>
      addEnd(operationAttributes(this.#system, operation), end);
    quietly(() => this.#duration?.record(durationMs / 1000, attributes()));
    const { attempts, conflicts = 0 } = end;
    if (attempts === undefined) return;
    quietly(() => this.#attempts?.record(attempts, attributes()));
    if (conflicts > 0) quietly(() => this.#conflicts?.add(conflicts, operationAttributes(this.#system, operation)));
  }
}
