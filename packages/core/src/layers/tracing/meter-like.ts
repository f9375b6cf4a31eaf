import type { TelemetryAttributes } from './tracer-like.ts';

/** The part of `MetricOptions` of `@opentelemetry/api` that {@link MeterLike} is given. */
export interface MetricOptionsLike {
  description: string;
  unit: string;
  advice?: { explicitBucketBoundaries: number[] };
}

/** The part of a `Histogram` of `@opentelemetry/api` that {@link MeterLike} is used for. */
export interface HistogramLike {
  record(value: number, attributes: TelemetryAttributes): void;
}

/** The part of a `Counter` of `@opentelemetry/api` that {@link MeterLike} is used for. */
export interface CounterLike {
  add(value: number, attributes: TelemetryAttributes): void;
}

/** The part of a `Meter` of `@opentelemetry/api` that `withTracing` uses; any such meter is one. */
export interface MeterLike {
  createHistogram(name: string, options: MetricOptionsLike): HistogramLike;
  createCounter(name: string, options: MetricOptionsLike): CounterLike;
}
