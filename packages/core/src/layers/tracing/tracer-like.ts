/** Attributes of a span or a measurement. */
export interface TelemetryAttributes {
  [name: string]: string | number | boolean;
}

/** The part of a `Span` of `@opentelemetry/api` that {@link TracerLike} is used for. */
export interface SpanLike {
  setAttributes(attributes: TelemetryAttributes): unknown;
  /** `code` is a `SpanStatusCode`; the only one that is set is 2, `ERROR`. */
  setStatus(status: { code: 2 }): unknown;
  end(): void;
}

/** The part of `SpanOptions` of `@opentelemetry/api` that {@link TracerLike} is given. */
export interface SpanOptionsLike {
  /** A `SpanKind`: 0 is `INTERNAL`, 2 is `CLIENT`. */
  kind: 0 | 2;
  attributes: TelemetryAttributes;
}

/** The part of a `Tracer` of `@opentelemetry/api` that `withTracing` uses; any such tracer is one. */
export interface TracerLike {
  startActiveSpan(name: string, options: SpanOptionsLike, run: (span: SpanLike) => void): unknown;
}
