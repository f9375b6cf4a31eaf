import type { Series } from '../operations/series.ts';
import type { OperationContext } from './operation-context.ts';

/** Where an adapter keeps something from one page of an iteration to the next. */
export type ScanSeries = Pick<Series, 'keep'>;

/** What `_scan` is given beside its range and limit. An adapter may leave all of it but the deadline unread. */
export interface ScanContext extends OperationContext {
  /**
   * How many bytes of bodies are enough for a page: at least 1. A page may end with the entry whose body makes them that
   * many, and with no other. So the first entry always comes, and a page is never longer than this plus one body.
   */
  readonly maxBytes: number;
  /** Whether anybody looks at the bodies. If not, the entries may have others, such as empty ones. */
  readonly bodies: boolean;
  /**
   * The iteration that the scan is a page of, if it is. What is kept in it is forgotten when that ends, and is to hold
   * nothing that must be released. A page may be asked for again, or begin elsewhere than where the last one ended.
   */
  readonly series: ScanSeries | undefined;
}

/** The part of a {@link ScanContext} that is not about the call. */
export type ScanNeeds = Pick<ScanContext, 'maxBytes' | 'bodies' | 'series'>;

/** The context of a call, for one of its scans. */
export class ScanOf implements ScanContext {
  readonly #call: OperationContext;
  readonly maxBytes: number;
  readonly bodies: boolean;
  readonly series: ScanSeries | undefined;

  constructor(call: OperationContext, { maxBytes, bodies, series }: ScanNeeds) {
    this.#call = call;
    this.maxBytes = maxBytes;
    this.bodies = bodies;
    this.series = series;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  remainingMs(): number {
    return this.#call.remainingMs();
  }
}
