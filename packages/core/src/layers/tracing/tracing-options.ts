import { HoldfastError } from '../../errors/holdfast-error.ts';
import { invalidArgument } from '../../errors/invalid-argument.ts';
import { readOptions } from '../../filesystem/check-options.ts';
import type { MeterLike } from './meter-like.ts';
import type { TracerLike } from './tracer-like.ts';

/** The options of `withTracing`. */
export interface TracingOptions {
  /** Makes the spans: a `Tracer` of `@opentelemetry/api`. Without it there are none. */
  readonly tracer?: TracerLike | undefined;
  /** Takes the metrics: a `Meter` of `@opentelemetry/api`. Without it there are none. */
  readonly meter?: MeterLike | undefined;
  /**
   * The `db.system.name` of spans and metrics: `postgresql`, `sqlite`, or a name of your own; by default `holdfast`.
   * A lower-case letter, then at most 63 of lower-case letters, digits, `.`, `_` and `-`.
   */
  readonly system?: string | undefined;
  /**
   * Whether spans and messages tell the paths of operations, which may name tenants and users and leave the process
   * with the spans. `'none'` by default. Metrics never do.
   */
  readonly paths?: 'full' | 'none' | undefined;
}

/** The options as they are used. */
export interface TracingSettings {
  readonly tracer: TracerLike | undefined;
  readonly meter: MeterLike | undefined;
  readonly system: string;
  readonly paths: 'full' | 'none';
}

const KEYS = ['tracer', 'meter', 'system', 'paths'] as const;

// Every name that the semantic conventions know, and no connection string.
const SYSTEM = /^[a-z][a-z0-9._-]{0,63}$/;

/**
 * Checks the options of `withTracing`.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseTracingOptions(value: unknown): TracingSettings {
  const { tracer, meter, system = 'holdfast', paths = 'none' } = readOptions('options', value, KEYS);
  checkMethods('tracer', 'a Tracer of @opentelemetry/api', tracer, ['startActiveSpan']);
  checkMethods('meter', 'a Meter of @opentelemetry/api', meter, ['createHistogram', 'createCounter']);
  if (typeof system !== 'string' || !SYSTEM.test(system)) {
    throw invalidArgument('system', 'a lower-case name such as "postgresql"', system);
  }
  if (paths !== 'full' && paths !== 'none') throw invalidArgument('paths', '"full" or "none"', paths);
  return { tracer: tracer as TracerLike | undefined, meter: meter as MeterLike | undefined, system, paths };
}

function checkMethods(name: string, rule: string, value: unknown, methods: readonly string[]): void {
  if (value === undefined) return;
  const holder = value as Readonly<Record<string, unknown>> | null;
  try {
    if (methods.every((method) => typeof holder?.[method] === 'function')) return;
  } catch (cause) {
    throw new HoldfastError('INVALID_ARGUMENT', `${name} must be readable`, { cause });
  }
  throw invalidArgument(name, rule, value);
}
