import type { OperationContext } from './operation-context.ts';

/** What `_scan` is given beside its range and limit. An adapter may leave all of it but the deadline unread. */
export interface ScanContext extends OperationContext {
  /**
   * How many bytes of bodies are enough for a page: at least 1. A page may end with the entry whose body makes them that
   * many, and with no other. So the first entry always comes, and a page is never longer than this plus one body.
   */
  readonly maxBytes: number;
  /** Whether anybody looks at the bodies. If not, the entries may have others, such as empty ones. */
  readonly bodies: boolean;
}

/** The part of a {@link ScanContext} that is not about the call. */
export type ScanNeeds = Pick<ScanContext, 'maxBytes' | 'bodies'>;

/** The context of a call, for one of its scans. */
export class ScanOf implements ScanContext {
  readonly #call: OperationContext;
  readonly maxBytes: number;
  readonly bodies: boolean;

  constructor(call: OperationContext, { maxBytes, bodies }: ScanNeeds) {
    this.#call = call;
    this.maxBytes = maxBytes;
    this.bodies = bodies;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  remainingMs(): number {
    return this.#call.remainingMs();
  }
}
