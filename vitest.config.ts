import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const long = process.env['HOLDFAST_LONG'] === '1' || process.env['HOLDFAST_FAULTS'] === 'full';
const minutes = 60_000;

/**
 * What the matrix does too, at full effort on the same backends. The suites of these packages are in `test-matrix` as well.
 * The long run has the others: a replica asks the same server by the same driver as the adapter beside it, SQLite in
 * memory is SQLite in a file with less, of libSQL the one
 * in memory is here, and of the local disk the one by path checks. Who tests one of these by itself gets it, at quick effort.
 */
const inMatrix =
  process.env['HOLDFAST_ALL_TESTS'] === '1'
    ? [
        'packages/{local-disk,memory,postgres,sqlite}/test/contract.test.ts',
        ...(long ? [] : ['test-matrix/contract/{libsql-{file,replica,server},local-disk,sqlite-memory}.test.ts']),
      ]
    : [];

/** The tests that need servers; the others start at once. */
const onServers = [
  'packages/{libsql,postgres}/{src,test}/**/*.test.ts',
  'test-matrix/{contract,differential,readme,storms,wrappers}/**/*.test.ts',
];

/**
 * Storms on a libSQL server, which makes some hundred updates of one key a second when it has a processor to itself. With
 * other tests beside them, an update of 64 that wait may be out of time with nothing wrong.
 */
const alone = 'test-matrix/contract/libsql-{server,replica}.test.ts';

/** The tests that start servers of their own, or put something in the place of a driver: each has a process of its own. */
const isolated = [
  'test-servers/**/*.test.ts',
  'examples/demo/**/*.test.ts',
  'packages/sqlite/test/missing-binary.test.ts',
];

/**
 * Files share processes that live for minutes and go through gigabytes of buffers. By default each 64 MB of those have the
 * whole heap marked, which is a sixth of the work of all tests; so it is marked only once it and the buffers are large.
 * These are flags of the V8 of the workspace's own Node.
 */
const collectedSeldom = process.version.startsWith('v24.')
  ? ['--no-memory-reducer', '--external-memory-accounted-in-global-limit', '--initial-old-space-size=300']
  : [];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'units',
          include: [
            'packages/*/{src,test}/**/*.test.ts',
            'benchmarks/**/*.test.ts',
            'test-matrix/**/*.test.ts',
            'test-support/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          exclude: ['**/node_modules/**', ...onServers, ...isolated, ...inMatrix],
          // Loading everything anew for each file would be most of the work.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: onServers,
          exclude: ['**/node_modules/**', alone, ...inMatrix],
          isolate: false,
          // Runs only if a file of this project does.
          globalSetup: './test-servers/src/vitest-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'alone',
          include: [alone],
          exclude: ['**/node_modules/**', ...inMatrix],
          // Two storms at once would have to share what the server can do.
          fileParallelism: false,
          globalSetup: './test-servers/src/vitest-setup.ts',
          // After all the others.
          sequence: { groupOrder: 1 },
        },
      },
      // What they do to processes, servers and disks is done to their own; what they count ends the run as a table.
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test-faults/**/*.test.ts'],
          globalSetup: './test-servers/src/vitest-setup.ts',
        },
      },
      // What is found out about the machine, such as that a Docker engine answers, is found out once for each process.
      { extends: true, test: { name: 'processes', include: isolated } },
    ],
    // Drivers are native code, and some tests end processes.
    pool: 'forks',
    execArgv: collectedSeldom,
    // Many tests wait for a server or a disk: two at once, also where Vitest would keep a processor for itself.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // A contract suite forces timeouts of its own; these only end a test that hangs.
    testTimeout: (long ? 15 : 1) * minutes,
    hookTimeout: (long ? 5 : 1) * minutes,
    reporters: ['default', './scripts/vitest/figures-table.ts', './scripts/vitest/closing-line.ts'],
    restoreMocks: true,
    unstubEnvs: true,
  },
});
