import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { filesBelow } from '../lib/source-files.ts';
import { root } from '../toolchain/root.mjs';
import { readSession } from './session.ts';

const { sources, include, exclude } = readSession();

/** Every package as it is in `src`: what is built has no mutants. */
const alias = filesBelow(root, 'packages', 'package.json').flatMap((manifest) => {
  const folder = manifest.slice(0, -'/package.json'.length);
  const name = `@holdfast/${folder.slice('packages/'.length)}`;
  return [
    { find: `${name}/adapter`, replacement: join(root, folder, 'src/adapter.ts') },
    { find: new RegExp(`^${name}$`), replacement: join(root, folder, 'src/index.ts') },
  ];
});

export default defineConfig({
  root,
  resolve: { alias },
  plugins: [
    {
      name: 'mutants',
      enforce: 'pre',
      load: (id) => sources[id.split('?', 1)[0] ?? id],
      // What was made of a source is kept by its text on disk, which has no mutants.
      configureVitest: ({ defineCacheKeyGenerator }) => {
        defineCacheKeyGenerator(({ id }) => (id in sources ? false : null));
      },
    },
  ],
  test: {
    include: [...include],
    exclude: ['**/node_modules/**', ...exclude],
    runner: join(root, 'scripts/mutation/runner.ts'),
    isolate: false,
    pool: 'forks',
    maxWorkers: 1,
    maxConcurrency: 1,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    // What is left over from a mutant is no fault of a test.
    dangerouslyIgnoreUnhandledErrors: true,
    reporters: ['dot'],
  },
});
