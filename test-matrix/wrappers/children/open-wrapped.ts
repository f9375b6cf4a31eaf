import type { RootFilesystem } from '@holdfast/core';
import { inDirectory, type WrappedChild } from '../wrapped-harness.ts';
import { WRAPPERS } from '../wrappers.ts';

/** How a child process opens a wrapped store: `input` is a {@link WrappedChild}. */
export async function open(given: unknown): Promise<RootFilesystem> {
  const { wrapper: id, directory, module, input } = given as WrappedChild;
  const wrapper = WRAPPERS.find((it) => it.id === id);
  if (wrapper === undefined) throw new Error(`there is no wrapper ${id}`);
  const backend = (await import(module)) as { open(backendInput: unknown): Promise<RootFilesystem> };
  return wrapper.wrap(inDirectory(await backend.open(input), directory));
}
