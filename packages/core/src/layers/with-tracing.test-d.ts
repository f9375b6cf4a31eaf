// What the compiler must accept and refuse; nothing here ever runs.
import type { Counter, Histogram, Meter, Span, SpanOptions, Tracer } from '@opentelemetry/api';
import type { Assignable, Equal, Expect } from '../../test/support/types.ts';
import type { ByteOnlyCapabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { CounterLike, HistogramLike, MeterLike } from './tracing/meter-like.ts';
import type { SpanLike, SpanOptionsLike, TracerLike } from './tracing/tracer-like.ts';
import { withTracing } from './with-tracing.ts';

declare const tracer: Tracer;
declare const meter: Meter;
declare const filesystem: RootFilesystem<ByteOnlyCapabilities>;

/** The real ones, and everything they hand out or are given. */
export type Real = [
  Expect<Assignable<Tracer, TracerLike>>,
  Expect<Assignable<Span, SpanLike>>,
  Expect<Assignable<SpanOptionsLike, SpanOptions>>,
  Expect<Assignable<Meter, MeterLike>>,
  Expect<Assignable<Histogram, HistogramLike>>,
  Expect<Assignable<Counter, CounterLike>>,
  Expect<Equal<Assignable<object, TracerLike>, false>>,
  Expect<Equal<Assignable<Meter, TracerLike>, false>>,
];

const traced = withTracing(filesystem, { tracer, meter, system: 'postgresql', paths: 'full' });

/** Capabilities stay what they are. */
export type Kept = Expect<Equal<typeof traced, RootFilesystem<ByteOnlyCapabilities>>>;

/** What must not compile. */
export function refused(): void {
  // @ts-expect-error -- a meter is no tracer
  withTracing(filesystem, { tracer: meter });
  // @ts-expect-error -- an unknown key
  withTracing(filesystem, { tracr: tracer });
  // @ts-expect-error -- neither 'full' nor 'none'
  withTracing(filesystem, { paths: 'some' });
}
