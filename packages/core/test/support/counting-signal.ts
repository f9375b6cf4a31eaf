/** An abort controller whose signal counts who listens to it. */
export interface CountingController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
  /** How many listen now. */
  listeners(): number;
  /** How often somebody began to listen. */
  added(): number;
}

/** Makes one. It has what core uses of a signal, and nothing else. */
export function countingController(): CountingController {
  const listening = new Set<() => void>();
  let aborted = false;
  let reason: unknown;
  let added = 0;
  const signal = {
    get aborted() {
      return aborted;
    },
    get reason() {
      return reason;
    },
    addEventListener(type: string, listener: () => void, options?: { once?: boolean }) {
      if (type !== 'abort' || options?.once !== true) throw new Error('core listens once, and for abort only');
      added += 1;
      listening.add(listener);
    },
    removeEventListener(_type: string, listener: () => void) {
      listening.delete(listener);
    },
  };
  return {
    signal: signal as unknown as AbortSignal,
    abort(why) {
      aborted = true;
      reason = why;
      for (const listener of Array.from(listening)) {
        listening.delete(listener);
        listener();
      }
    },
    listeners: () => listening.size,
    added: () => added,
  };
}
