import type { Capabilities } from '../capabilities/capabilities.ts';
import { gateCas } from '../capabilities/gate.ts';
import { checkCodec } from '../codecs/check-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import { HoldfastError, isHoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { restated } from '../errors/restated.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import { Patience } from '../filesystem/operation-context.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { eventLoopShare } from '../timing/event-loop-share.ts';
import { pause } from '../timing/pause.ts';
import { backoffMs } from './backoff.ts';
import type { CasApply, OutcomeOf } from './cas-apply.ts';
import { CasAttempt } from './cas-attempt.ts';
import { CasObserver } from './cas-observer.ts';
import { parseCasOptions, type CasOptions } from './cas-options.ts';
import type { CasContext, CasResult, CasResultOf } from './cas-result.ts';

/**
 * Makes a call with a filesystem that is known to take no versioned records a compile error. One whose
 * capabilities are only known at run time passes, and is gated then.
 */
export type VersionedOnly<C extends Capabilities> = 'versioned' extends C['cas']
  ? true extends C['records']
    ? unknown
    : { readonly 'casUpdate needs a filesystem that takes records': never }
  : { readonly 'casUpdate needs a filesystem with cas: "versioned"': never };

/**
 * Reads a record, lets `apply` decide what becomes of it, and writes that if the record is still the one that
 * was read; if not, backs off and starts over. Several callers may update one record at once: every update is
 * applied to the state the one before it left, and none is lost.
 *
 * No lock is held at any time, so a caller that hangs delays nobody else. `apply` runs once for each attempt
 * and should have no side effects. Its errors and the codec's reach the caller unchanged, but for
 * a `RECORD_INVALID` or `RECORD_TOO_NEW` without an operation, which gets that, the path and the outcome.
 *
 * Costs two round trips without a conflict: one read and one write (one when nothing is to be written, three
 * for a delete, which is read again so that a concurrent recreation is seen).
 *
 * @throws HoldfastError `CAS_UNSUPPORTED` before anything is read when the path is not versioned or takes no
 * records; `RETRIES_EXHAUSTED` after `maxAttempts` conflicts; `TIMEOUT` and `ABORTED`, whose `outcome` says
 * whether a write may have landed; `OUTCOME_UNKNOWN` when a reply was lost and could not be resolved, which is
 * never retried; `INVALID_ARGUMENT`, `INVALID_PATH`; or what the backend raised
 */
export async function casUpdate<C extends Capabilities, T, D extends CasApply<T, unknown>>(
  filesystem: RootFilesystem<C> & VersionedOnly<C>,
  path: string,
  codec: RecordCodec<T>,
  apply: (current: T | undefined, context: CasContext) => D | Promise<D>,
  options?: CasOptions,
): Promise<CasResultOf<T, D>> {
  const { target, limits } = checkArguments(filesystem, path, codec, apply, options);
  gateCas(claimsOf(filesystem, target), target);
  let attempts = 0;
  const run = async (): Promise<CasResult<T, OutcomeOf<D>>> => {
    const erased = filesystem as unknown as RootFilesystem;
    using patience = new Patience({ name: 'casUpdate', path: target, changes: true }, limits);
    for (attempts = 1; ; attempts += 1) {
      const attempt = new CasAttempt<T>(erased, target, codec, patience, attempts);
      const result = await attempt.run(apply);
      if (result.done) return result.value as CasResult<T, OutcomeOf<D>>;
      if (attempts >= limits.maxAttempts) throw exhausted(target, limits.maxAttempts, result.conflict);
      await pause(backoffMs(attempts, limits), patience.signal);
    }
  };
  try {
    const result = await CasObserver.observe(filesystem, target, () => attempts, run);
    return result as CasResultOf<T, D>;
  } finally {
    // For filesystems that are no adapters of ours.
    const turn = eventLoopShare.due({ reads: false });
    if (turn !== undefined) await turn;
  }
}

/** What is promised at the path; what keeps that from being told is an error of the update. */
function claimsOf<C extends Capabilities>(filesystem: RootFilesystem<C>, path: VirtualPath): C {
  try {
    return filesystem.capabilitiesAt(path);
  } catch (thrown) {
    if (!isHoldfastError(thrown)) throw thrown;
    throw restated(thrown, { operation: 'casUpdate', path });
  }
}

function exhausted(path: VirtualPath, maxAttempts: number, conflict: HoldfastError): HoldfastError {
  return new HoldfastError('RETRIES_EXHAUSTED', `no attempt of ${maxAttempts} won the race`, {
    operation: 'casUpdate',
    path,
    cause: conflict,
  });
}

function checkArguments(
  filesystem: Partial<Pick<RootFilesystem, 'capabilitiesAt'>> | undefined,
  path: string,
  codec: unknown,
  apply: unknown,
  options: unknown,
) {
  let target: VirtualPath | undefined;
  try {
    target = parsePath(path);
    if (typeof filesystem?.capabilitiesAt !== 'function') {
      // Most often the promise that an `open` function gives.
      throw invalidArgument('filesystem', 'an opened filesystem, awaited', filesystem);
    }
    checkCodec('codec', codec);
    if (typeof apply !== 'function') throw invalidArgument('apply', 'a function', apply);
    return { target, limits: parseCasOptions(options) };
  } catch (thrown) {
    throw argumentError(thrown, { name: 'casUpdate', path: target, changes: true });
  }
}
