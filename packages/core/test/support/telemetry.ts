import { context, type Meter, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  AggregationTemporality,
  DataPointType,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
  type Sampler,
} from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll } from 'vitest';

/** Makes spans nest in every test of the file, as an application's SDK does. */
export function nestSpans(): void {
  beforeAll(() => void context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()));
  afterAll(() => context.disable());
}

/** A real tracer, and the spans that it has ended. */
export class Spans {
  readonly #exporter = new InMemorySpanExporter();
  readonly tracer: Tracer;

  constructor(sampler?: Sampler) {
    const spanProcessors = [new SimpleSpanProcessor({ exporter: this.#exporter })];
    const provider = new TracerProvider({ spanProcessors, ...(sampler === undefined ? {} : { sampler }) });
    this.tracer = provider.getTracer('test');
  }

  /** In the order in which they ended. */
  get ended(): readonly ReadableSpan[] {
    return this.#exporter.getFinishedSpans();
  }

  /** The only one of a name. */
  only(name: string): ReadableSpan {
    const [found, ...others] = this.ended.filter((span) => span.name === name);
    if (found === undefined || others.length > 0) throw new Error(`not exactly one span is called ${name}`);
    return found;
  }

  /** Each span below its parent, as `casUpdate > get`, in the order in which they ended. */
  get tree(): string[] {
    const pathOf = (span: ReadableSpan): string => {
      const parent = this.ended.find((it) => it.spanContext().spanId === span.parentSpanContext?.spanId);
      return parent === undefined ? span.name : `${pathOf(parent)} > ${span.name}`;
    };
    return this.ended.map(pathOf);
  }
}

/** One sum or histogram for one set of attributes. */
export interface Measured {
  readonly name: string;
  readonly unit: string;
  readonly attributes: object;
  readonly count: number | undefined;
  readonly sum: number | undefined;
  readonly boundaries: readonly number[] | undefined;
}

/** A real meter, and what was measured. */
export class Metrics {
  readonly #exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  readonly #provider: MeterProvider;
  readonly meter: Meter;

  constructor() {
    const reader = new PeriodicExportingMetricReader({ exporter: this.#exporter, exportIntervalMillis: 2 ** 30 });
    this.#provider = new MeterProvider({ readers: [reader] });
    this.meter = this.#provider.getMeter('test');
  }

  /** Everything measured so far. */
  async measured(): Promise<Measured[]> {
    await this.#provider.forceFlush();
    const metrics = this.#exporter.getMetrics().at(-1)?.scopeMetrics[0]?.metrics ?? [];
    return metrics.flatMap((metric): Measured[] => {
      const { name, unit } = metric.descriptor;
      if (metric.dataPointType === DataPointType.HISTOGRAM) {
        return metric.dataPoints.map(({ attributes, value: { count, sum, buckets } }) => ({
          name,
          unit,
          attributes,
          count,
          sum,
          boundaries: buckets.boundaries,
        }));
      }
      return metric.dataPoints.map(({ attributes, value }) => {
        return { name, unit, attributes, count: undefined, sum: value as number, boundaries: undefined };
      });
    });
  }
}
