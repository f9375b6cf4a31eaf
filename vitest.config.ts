import { defineConfig } from 'vitest/config';

const long = process.env['HOLDFAST_LONG'] === '1';
const minutes = 60_000;

export default defineConfig({
  test: {
    include: [
      'packages/*/{src,test}/**/*.test.ts',
      'test-matrix/**/*.test.ts',
      'examples/**/*.test.ts',
      'scripts/**/*.test.ts',
    ],
    // Drivers are native code and some tests end processes: a file of tests gets a process of its own.
    pool: 'forks',
    // A contract suite forces timeouts of its own; these only end a test that hangs.
    testTimeout: (long ? 15 : 1) * minutes,
    hookTimeout: (long ? 5 : 1) * minutes,
    reporters: ['default', './scripts/vitest/closing-line.ts'],
    restoreMocks: true,
    unstubEnvs: true,
  },
});
