import type { Capabilities } from '../capabilities/capabilities.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Operation } from '../operations/operation.ts';
import type { Update, UpdateResult } from '../updates/update-observer.ts';
import { Layer } from './layer.ts';
import { failure, type OperationEnd } from './tracing/operation-end.ts';
import { Telemetry } from './tracing/telemetry.ts';
import { TracedSeries } from './tracing/traced-series.ts';
import { parseTracingOptions, type TracingOptions, type TracingSettings } from './tracing/tracing-options.ts';
import { UpdatesUnderWay } from './tracing/updates-under-way.ts';

/**
 * Tells what a filesystem is asked and how that ends: spans to `tracer`, metrics to `meter`, and an
 * {@link OperationMessage} on the `node:diagnostics_channel` `holdfast:operation`. Calls, answers and errors are passed
 * on as they are. Closing it closes the filesystem below.
 *
 * Spans, by the semantic conventions for databases, each below the one that is active where the call is made:
 *
 * | span                           | kind       | attributes besides those of every span                                |
 * | ------------------------------ | ---------- | --------------------------------------------------------------------- |
 * | `get`, `getMany`, `list`       | `CLIENT`   | `db.response.returned_rows`: entries (of `get` 0 or 1), children      |
 * | `put`, `delete`                | `CLIENT`   | `holdfast.outcome`                                                    |
 * | `commit`                       | `CLIENT`   | `holdfast.outcome`, `holdfast.commit.changes`                         |
 * | `entries`, the whole iteration | `CLIENT`   | `db.response.returned_rows`: entries given                            |
 * | `casUpdate`, `transact`        | `INTERNAL` | `holdfast.outcome`, `holdfast.cas.attempts`, `.conflicts`, `.written` |
 *
 * Every span has `db.system.name` (the `system`) and `db.operation.name`, and with `paths: 'full'` `holdfast.path`. One
 * of a failed operation has the status `ERROR` and `error.type`: the error's code, or `_OTHER` for one of the
 * caller's function or codec. `holdfast.outcome` is an {@link OperationOutcome}. A write that loses its race while a
 * `casUpdate` of its path is under way, and a commit of a `transact` that does, have the outcome `conflict` and are no
 * failures. The span of a `casUpdate` or `transact` is around those of its parts. An iteration ends when its consumer stops, which is none
 * either; its duration contains what the consumer does, and one that is neither finished nor returned has no end.
 *
 * | metric                         | unit         | attributes besides `db.system.name` and `db.operation.name` |
 * | ------------------------------ | ------------ | ----------------------------------------------------------- |
 * | `db.client.operation.duration` | `s`          | `error.type`, `holdfast.outcome`                            |
 * | `holdfast.cas.attempts`        | `{attempt}`  | `error.type`, `holdfast.outcome`                            |
 * | `holdfast.cas.conflicts`       | `{conflict}` |                                                             |
 *
 * The first two are histograms, whose counts are those of operations and of updates by outcome; the last is a counter.
 * A `casUpdate` or `transact` has a duration, and so has every operation inside it.
 *
 * Never told: bodies, versions, messages and causes of errors; on metrics also paths. A tracer, meter or span that
 * throws or rejects changes nothing for the caller: that is swallowed, and what it was told may be lost. What a subscriber
 * of the channel throws does not reach the caller either, but Node raises it as an uncaught exception.
 *
 * Outermost in a stack it sees what callers see, with time spent in queues and retries; innermost it sees each call of
 * the backend. With one at both ends the spans of the inner one are below those of the outer one, also of `casUpdate`
 * and, unless a table of several filesystems is in between, of `transact`; give them different `system`s. What a `casUpdate`
 * refuses before it begins (`CAS_UNSUPPORTED`, `INVALID_ARGUMENT`) is not seen. Spans below an iteration nest, and messages are published, where the runtime has
 * `process.getBuiltinModule`: Node does from 22.3. With a tracer an iteration fetches in the async context in which its
 * first entry was asked for.
 *
 * Costs no round trip. A `get` from memory took, measured in one run, 1.2 times as long with nobody listening, 1.6 times
 * with a subscriber, 1.7 times with a tracer that does nothing and 4 times with one of the SDK: 0.2, 0.6, 0.7 and
 * 3 microseconds more.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function withTracing<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  options?: TracingOptions,
): RootFilesystem<C> {
  return new TracingLayer(filesystem, parseTracingOptions(options));
}

class TracingLayer<C extends Capabilities> extends Layer<C> {
  readonly #telemetry: Telemetry;
  readonly #updates = new UpdatesUnderWay();

  constructor(filesystem: RootFilesystem<C>, settings: TracingSettings) {
    super(filesystem);
    this.#telemetry = new Telemetry(settings);
  }

  /** @internal */
  protected override _onlyLooks(): boolean {
    return true;
  }

  /** @internal Not what it does once it is known to be open: its own refusals are ends too. */
  protected override _perform<R>(operation: Operation<R>): Promise<R> {
    const { series } = operation.call;
    if (series === undefined && !this.#telemetry.listening) return super._perform(operation);
    const perform = (): Promise<R> => super._perform(operation);
    if (series !== undefined) {
      return series.keep(this, () => new TracedSeries(this.#telemetry, series)).follow(operation, perform);
    }
    return this.#telemetry.follow(operation, perform, {
      answered: (answer) => ({ ...sizeOf(operation), ...operation.kind.told(answer) }),
      failed: (thrown) => ({ ...sizeOf(operation), ...this.#failure(operation, thrown) }),
    });
  }

  protected override async _observeUpdate<R extends UpdateResult>(update: Update, run: () => Promise<R>): Promise<R> {
    const { name, path } = update;
    this.#updates.enter(path);
    try {
      const named = { name, path, changes: true } as const;
      return await this.#telemetry.follow(named, () => super._observeUpdate(update, run), {
        answered: ({ written }) => ({
          outcome: written ? 'applied' : 'unchanged',
          attempts: update.attempts(),
          conflicts: update.attempts() - 1,
        }),
        failed: (thrown) => updateFailure(thrown, update.attempts()),
      });
    } finally {
      this.#updates.leave(path);
    }
  }

  /** A write that loses the race of an update is not a failure: the update starts over, as it is there for. */
  #failure({ name, changes, path, call }: Operation, thrown: unknown): OperationEnd {
    const end = failure(thrown);
    if (end.code !== 'VERSION_MISMATCH' || end.outcome !== 'not-applied') return end;
    // A commit that is a part of something is one of a transaction.
    const ofUpdate = name === 'commit' ? call.isPart : changes && this.#updates.has(path ?? '');
    return ofUpdate ? { ...end, outcome: 'conflict' } : end;
  }
}

function sizeOf({ kind, args }: Operation): OperationEnd {
  return kind.size === undefined ? {} : { changes: kind.size(args) };
}

/** The last attempt is a conflict too when it is one too many. */
function updateFailure(thrown: unknown, attempts: number): OperationEnd {
  const end = failure(thrown);
  const lost = end.code === 'RETRIES_EXHAUSTED' ? attempts : attempts - 1;
  return { ...end, attempts, conflicts: Math.max(0, lost) };
}
