import type { MeterLike, TracerLike } from '@holdfast/core';

/** Telemetry that notes what it is told, so that a suite that runs through `withTracing` also tells whether that is right. */
export class RecordingTelemetry {
  readonly #endsOf: { readonly name: string; ends: number }[] = [];
  #measurements = 0;

  readonly tracer: TracerLike = {
    startActiveSpan: (name, _options, run) => {
      const noted = { name, ends: 0 };
      this.#endsOf.push(noted);
      const end = (): void => void (noted.ends += 1);
      return run({ setAttributes: () => {}, setStatus: () => {}, end });
    },
  };

  readonly meter: MeterLike = {
    createHistogram: () => ({ record: () => void (this.#measurements += 1) }),
    createCounter: () => ({ add: () => void (this.#measurements += 1) }),
  };

  /** How many spans there were, and how many measurements. */
  get told(): { readonly spans: number; readonly measurements: number } {
    return { spans: this.#endsOf.length, measurements: this.#measurements };
  }

  /** The names of spans that ended twice, or never. That of an iteration whose consumer went away has no end. */
  wrongEnds(): readonly string[] {
    return this.#endsOf
      .filter(({ name, ends }) => ends > 1 || (ends === 0 && name !== 'entries'))
      .map(({ name, ends }) => `${name} ended ${ends} times`);
  }
}
