import { backoffMs } from '../../updates/backoff.ts';
import { CAS_DEFAULTS } from '../../cas/cas-options.ts';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Snapshot } from '../../entries/entry.ts';
import { HoldfastError, isHoldfastError } from '../../errors/holdfast-error.ts';
import { invalidArgument } from '../../errors/invalid-argument.ts';
import { argumentError } from '../../filesystem/adapter-error.ts';
import { parseEntriesOptions } from '../../operations/entries/entries-options.ts';
import type { OperationOptions } from '../../filesystem/operation-options.ts';
import type { EntriesOptions, RootFilesystem } from '../../filesystem/root-filesystem.ts';
import { parseDirectory, type DirectoryPath } from '../../paths/virtual-path.ts';
import { pause } from '../../timing/pause.ts';
import { EncryptionLayer, type EncryptionParts } from './encryption-layer.ts';

/** What {@link reencrypt} did. */
export interface ReencryptResult {
  /** How many entries there were. */
  readonly examined: number;
  /** How many of them this call has written again. */
  readonly rewritten: number;
}

/**
 * Writes every entry below a directory that is not under the current key again, under that. Body, kind, content type
 * and index stay as they are; the entry gets a new version. Entries under the current key are not touched, and not
 * decrypted.
 *
 * Writers may go on: each entry is written only if it is still the one that was read. If it is not, it is read again,
 * and written again unless whoever came first has used the current key, or deleted it. Nothing is ever lost.
 *
 * When it has resolved, nothing that was there when it began is under another key, and the other keys can be taken out
 * of the ring, provided that every writer already used the current key when it began. To rotate: add the new key to
 * the ring of every process; then make it the current one in every process; then call this; then take out the old key.
 *
 * Costs one read for each page of entries, and one write for each entry that is not under the current key.
 * `timeoutMs` bounds each of these. Calling it again after a failure goes on with what is left; `after` skips what
 * sorts before, such as an entry that is refused, whose path is that of the error.
 *
 * @param filesystem what {@link withEncryption} has given, with no layer around it
 * @throws HoldfastError `INVALID_ARGUMENT` for another filesystem; `UNSUPPORTED` before anything is written where the
 * path is not versioned; `DECRYPTION_FAILED`, `KEY_NOT_FOUND`; `RETRIES_EXHAUSTED` when an entry was lost to other
 * writers, who use another key, 256 times; or what the backend raised
 */
export async function reencrypt<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  prefix: string,
  options?: EntriesOptions,
): Promise<ReencryptResult> {
  const { parts, directory, limits, pages } = checkArguments(filesystem, prefix, options);
  refuseUnversioned(parts, directory);
  let examined = 0;
  let rewritten = 0;
  for await (const stored of parts.inner.entries(directory, { ...limits, ...pages })) {
    examined += 1;
    if (await renew(parts, stored, limits)) rewritten += 1;
  }
  return { examined, rewritten };
}

/** Brings one entry under the current key; answers whether it was this call that did. */
async function renew({ inner, cipher }: EncryptionParts, found: Snapshot, limits: OperationOptions): Promise<boolean> {
  const { path } = found;
  let stored: Snapshot | undefined = found;
  for (let attempt = 1; stored !== undefined && !cipher.isCurrent('entries', stored); attempt += 1) {
    const { version } = stored;
    if (version === undefined || inner.capabilitiesAt(path).cas !== 'versioned') throw unversioned(path);
    const entry = cipher.seal(path, cipher.open('entries', path, stored));
    try {
      await inner.put(path, entry, { version }, limits);
      return true;
    } catch (error) {
      if (!isConflict(error)) throw error;
      if (attempt === CAS_DEFAULTS.maxAttempts) throw exhausted(path, error);
      await pause(backoffMs(attempt, { ...CAS_DEFAULTS, random: Math.random }), limits.signal);
    }
    stored = await inner.get(path, limits);
  }
  return false;
}

/** Whether a write has certainly not landed, and may be tried again with what is there now. */
function isConflict(error: unknown): error is HoldfastError {
  if (!isHoldfastError(error) || error.outcome === 'unknown') return false;
  return error.code === 'VERSION_MISMATCH' || error.code === 'BUSY';
}

function refuseUnversioned({ inner }: EncryptionParts, directory: DirectoryPath): void {
  let claimed: Capabilities;
  try {
    claimed = inner.capabilitiesAt(directory);
  } catch (error) {
    // A directory in which filesystems are mounted; what is in each is looked at when it comes.
    if (isHoldfastError(error, 'NOT_MOUNTED')) return;
    throw error;
  }
  if (claimed.cas !== 'versioned') throw unversioned(directory);
}

function checkArguments(filesystem: unknown, prefix: string, options: unknown) {
  let directory: DirectoryPath | undefined;
  try {
    directory = parseDirectory(prefix);
    const parts = EncryptionLayer.partsOf(filesystem);
    if (parts === undefined) throw invalidArgument('filesystem', 'what withEncryption has given', filesystem);
    const { signal, timeoutMs, ...pages } = parseEntriesOptions(options);
    return { parts, directory, limits: { signal, timeoutMs }, pages };
  } catch (thrown) {
    throw argumentError(thrown, { name: 'entries', path: directory, changes: false });
  }
}

function unversioned(path: DirectoryPath): HoldfastError {
  return new HoldfastError('UNSUPPORTED', 'entries can only be encrypted again where they are versioned', {
    operation: 'put',
    path,
    capability: 'cas',
  });
}

function exhausted(path: DirectoryPath, cause: HoldfastError): HoldfastError {
  const message = 'other writers keep writing this entry under another key';
  return new HoldfastError('RETRIES_EXHAUSTED', message, { operation: 'put', path, cause });
}
