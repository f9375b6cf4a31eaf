import type { Capabilities } from '../capabilities/capabilities.ts';
import { gateCas } from '../capabilities/gate.ts';
import { checkCodec } from '../codecs/check-codec.ts';
import type { RecordCodec } from '../codecs/record-codec.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { argumentError } from '../filesystem/adapter-error.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import { parsePath, type VirtualPath } from '../paths/virtual-path.ts';
import { claimsOf } from '../updates/claims-of.ts';
import { runUpdate } from '../updates/run-update.ts';
import { UpdateCalls } from '../updates/update-calls.ts';
import type { CasApply } from './cas-apply.ts';
import { CasAttempt } from './cas-attempt.ts';
import { parseCasUpdateOptions, type CasUpdateOptions } from './cas-options.ts';
import type { CasContext, CasResultOf } from './cas-result.ts';
import { Rounds } from '../rounds/rounds.ts';

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
 * Updates of one path that are under way at the same time through the same filesystem object are combined, unless they are
 * not to be: one read and one write for all of them, each on the state that the one before has left. Whose decision depends
 * on what others have written is told its result when that is stored.
 *
 * No lock is held at any time, so a caller that hangs delays nobody else. `apply` runs once for each attempt
 * and should have no side effects. Its errors and the codec's reach the caller unchanged, but for
 * a `RECORD_INVALID` or `RECORD_TOO_NEW` without an operation, which gets that, the path and the outcome.
 *
 * Costs two round trips without a conflict: one read and one write (one when nothing is to be written, three
 * for a delete, which is read again so that a concurrent recreation is seen); with a `hint` that holds, one less for a write.
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
  options?: CasUpdateOptions<NoInfer<T>>,
): Promise<CasResultOf<T, D>> {
  const { target, limits } = checkArguments<T>(filesystem, path, codec, apply, options);
  const claims = claimsOf(filesystem, 'casUpdate', target);
  gateCas(claims, target);
  const { hint, combine } = limits;
  const rounds = combine ? Rounds.of(filesystem) : undefined;
  const call = { path: target, codec, apply, claims, rounds, hint };
  const result = await runUpdate(filesystem, { name: 'casUpdate', path: target }, limits, (patience) => {
    const calls = new UpdateCalls(filesystem, CAS, patience);
    return (number) => new CasAttempt<T>(calls, call, number).run();
  });
  return result as unknown as CasResultOf<T, D>;
}

const CAS = { name: 'casUpdate', unsupported: 'CAS_UNSUPPORTED' } as const;

function checkArguments<T>(
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
    return { target, limits: parseCasUpdateOptions<T>(options) };
  } catch (thrown) {
    throw argumentError(thrown, { name: 'casUpdate', path: target, changes: true });
  }
}
