import { defineConfig } from 'vitest/config';

/** The worlds that Vitest makes: its default, those of a browser in Node, and realms of their own. */
export default defineConfig({
  test: {
    include: ['runners/vitest/*.vitest.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'default' } },
      { extends: true, test: { name: 'jsdom', environment: 'jsdom' } },
      { extends: true, test: { name: 'happy-dom', environment: 'happy-dom' } },
      { extends: true, test: { name: 'vmThreads', pool: 'vmThreads' } },
    ],
  },
});
