import { quietly } from './quietly.ts';
import type { SpanLike, SpanOptionsLike, TracerLike } from './tracer-like.ts';

/**
 * Runs something, which must not throw, while a new span is the active one. It runs exactly once and at once,
 * whatever the tracer does: without a span if that fails to start one.
 */
export function inActiveSpan<T>(
  tracer: TracerLike | undefined,
  name: string,
  options: SpanOptionsLike,
  run: (span: SpanLike | undefined) => T,
): T {
  let begun: { readonly answer: T } | undefined;
  if (tracer !== undefined) {
    quietly(() =>
      tracer.startActiveSpan(name, options, (span) => {
        begun ??= { answer: run(span) };
      }),
    );
  }
  begun ??= { answer: run(undefined) };
  return begun.answer;
}
