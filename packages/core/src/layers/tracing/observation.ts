import { clock } from '../../timing/clock.ts';
import { spanEndAttributes } from './attributes.ts';
import type { Instruments } from './instruments.ts';
import type { OperationChannel } from './operation-channel.ts';
import { hasFailed, type OperationEnd } from './operation-end.ts';
import type { OperationMessage, TracedOperation } from './operation-message.ts';
import { quietly } from './quietly.ts';
import type { SpanLike } from './tracer-like.ts';

/** What is observed, and who is told of it. */
export interface ObservationParts {
  readonly operation: TracedOperation;
  readonly system: string;
  readonly path: string | undefined;
  readonly span: SpanLike | undefined;
  readonly instruments: Instruments | undefined;
  readonly channel: OperationChannel | undefined;
}

/** One operation, from its beginning to its end, of which everybody is told once. */
export class Observation {
  readonly #parts: ObservationParts;
  readonly #began = clock.now();
  #ended = false;

  constructor(parts: ObservationParts) {
    this.#parts = parts;
  }

  /** Whether it has a span. */
  get hasSpan(): boolean {
    return this.#parts.span !== undefined;
  }

  /** Tells how it ended. Never throws; only the first time counts. */
  end(end: OperationEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    const { operation, system, path, span, instruments, channel } = this.#parts;
    const durationMs = clock.now() - this.#began;
    instruments?.record(operation, durationMs, end);
    if (span !== undefined) endSpan(span, end);
    if (channel === undefined) return;
    const { code, outcome, returned, changes, attempts, conflicts } = end;
    const facts = { operation, system, path, durationMs, code, outcome, returned, changes, attempts, conflicts };
    const message: OperationMessage = Object.freeze(facts);
    quietly(() => channel.publish(message));
  }
}

/** Each call on its own, so that a span whose attributes are refused ends all the same. */
function endSpan(span: SpanLike, end: OperationEnd): void {
  quietly(() => span.setAttributes(spanEndAttributes(end)));
  if (hasFailed(end)) quietly(() => span.setStatus({ code: 2 }));
  quietly(() => span.end());
}
