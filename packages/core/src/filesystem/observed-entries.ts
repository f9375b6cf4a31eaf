import type { Capabilities, VersionAt } from '../capabilities/capabilities.ts';
import type { Snapshot } from '../entries/entry.ts';
import { parseEntriesOptions } from './list-options.ts';
import { Patience } from './operation-context.ts';
import type { EntriesOptions, RootFilesystem } from './root-filesystem.ts';
import { ObservedFilesystem, observerOf, type WorkObserver } from './work-observer.ts';

/**
 * The entries of the filesystem below. Who observes the call is asked for each page: by that filesystem or, where it is
 * a stranger's, here, for as long as that takes to answer.
 */
export function observedEntries<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  prefix: string,
  options: EntriesOptions | undefined,
): AsyncIterableIterator<Snapshot<VersionAt<C>>> {
  const observer = observerOf(options);
  if (observer === undefined || ObservedFilesystem.includes(filesystem)) return filesystem.entries(prefix, options);
  return entriesOfStranger(filesystem, prefix, options, observer);
}

async function* entriesOfStranger<C extends Capabilities>(
  filesystem: RootFilesystem<C>,
  prefix: string,
  options: EntriesOptions | undefined,
  observer: WorkObserver,
): AsyncGenerator<Snapshot<VersionAt<C>>, void, undefined> {
  const limits = parseEntriesOptions(options);
  // Not the observer too: where it were passed on to one that asks by itself, each page would need two permits.
  const inner = filesystem.entries(prefix, { ...options });
  const page = async (): Promise<IteratorResult<Snapshot<VersionAt<C>>>> => {
    using patience = new Patience('entries', prefix, limits);
    return await observer.run(async () => inner.next(), patience);
  };
  try {
    for (let result = await page(); result.done !== true; result = await page()) yield result.value;
  } finally {
    await inner.return?.();
  }
}
