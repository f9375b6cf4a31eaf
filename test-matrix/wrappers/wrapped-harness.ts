import type { Harness } from '@holdfast/contract';
import { withPrefix, type RootFilesystem } from '@holdfast/core';
import type { BaseFilesystem } from '@holdfast/core/adapter';
import type { SharedDatabase } from './shared-database.ts';
import type { Wrapper } from './wrapper.ts';

/** How a child process opens a wrapped store. */
export interface WrappedChild {
  readonly wrapper: string;
  readonly directory: string;
  readonly module: string;
  readonly input: unknown;
}

/** The harness of a backend under a wrapper: the suite runs on what the wrapper gives, and its faults are below. */
export function wrappedHarness(name: string, database: SharedDatabase, wrapper: Wrapper): Harness {
  return {
    name: `${name} under ${wrapper.id}`,
    async createStore() {
      const { whole, directory } = await database.createStore();
      const adapters = new WeakMap<RootFilesystem, RootFilesystem>();
      const { child } = whole;
      return {
        async open() {
          const adapter = await whole.open();
          const wrapped = wrapper.wrap(inDirectory(adapter, directory));
          adapters.set(wrapped, adapter);
          return wrapped;
        },
        adapterOf: (filesystem) => adapters.get(filesystem) as unknown as BaseFilesystem,
        ...(child && {
          child: {
            module: new URL('children/open-wrapped.ts', import.meta.url).href,
            input: { wrapper: wrapper.id, directory, ...child } satisfies WrappedChild,
          },
        }),
        destroy: whole.destroy,
      };
    },
  };
}

/** The content of a directory of a store. */
export function inDirectory(filesystem: RootFilesystem, directory: string): RootFilesystem {
  return directory === '/' ? filesystem : withPrefix(filesystem, directory);
}
