import { join } from 'node:path';
import type { RootFilesystem } from '@holdfast/core';
import { openMemory } from '@holdfast/memory';
import { makeScratchDirectory } from '@holdfast/test-support';
import { expect, test } from 'vitest';
import { howMany } from '../figures/how-many.ts';
import { noteFigures } from '../figures/note-figures.ts';
import { libsqlFile, localDisk, sqliteFile } from '../kills/backends.ts';
import type { KilledBackend } from '../kills/killed-backend.ts';
import { libsql, postgres } from '../kills/servers.ts';
import { openStore } from '../load/open-store.ts';
import { mixedCalls } from './mixed-calls.ts';
import { takeSample, type Sample } from './sample.ts';

/** How many samples are compared with as many later ones. */
const HALF = 5;

/** What may come and go: code that gets fast, bodies on their way, sockets that idle, pages of a log beyond its checkpoint. */
const SLACK = { heap: 3_000_000, buffers: 3_000_000, handles: 8, descriptors: 8, log: 6_000_000 };

test.for([
  ['memory', undefined],
  ['sqlite-file', sqliteFile],
  ['libsql-file', libsqlFile],
  ['local-disk', localDisk],
  ['postgres', postgres],
  ['libsql-http', libsql('http')],
  ['libsql-websocket', libsql('ws')],
] as const)('what a process has in use does not grow with the calls it made: %s', async ([where, backend], context) => {
  await using scratch = await makeScratchDirectory('soak');
  await using opened = await open(backend, scratch.path);
  const calls = howMany(backend?.endsWithProcess === false ? 3000 : 10_000);
  const { signal } = new AbortController();
  const samples: Sample[] = [];
  // What is made once is made before the first sample.
  await mixedCalls(opened.store, Math.ceil(calls / 4), signal);
  while (samples.length < 2 * HALF) {
    await mixedCalls(opened.store, Math.ceil(calls / (2 * HALF)), signal);
    samples.push(takeSample(signal, opened.log));
  }
  const [before, after] = [samples.slice(0, HALF), samples.slice(HALF)];
  const grown = (name: keyof Sample): number => medianOf(after, name) - medianOf(before, name);
  const counts = {
    calls,
    'heap grown by KiB': Math.round(grown('heap') / 1024),
    'buffers grown by KiB': Math.round(grown('buffers') / 1024),
    'handles grown by': grown('handles'),
    'descriptors grown by': grown('descriptors'),
    'log grown by KiB': Math.round(grown('log') / 1024),
    'listeners left': Math.max(...samples.map(({ listeners }) => listeners)),
  };
  noteFigures(context, { promise: 'soak', where, counts });
  expect(counts['listeners left']).toBe(0);
  for (const name of ['heap', 'buffers', 'handles', 'descriptors', 'log'] as const) {
    expect(grown(name), `${name}: ${samples.map((sample) => sample[name]).join(', ')}`).toBeLessThan(SLACK[name]);
  }
});

interface Opened extends AsyncDisposable {
  readonly store: RootFilesystem;
  /** Its write-ahead log, if it has one. */
  readonly log: string | undefined;
}

async function open(backend: KilledBackend | undefined, directory: string): Promise<Opened> {
  if (backend === undefined) {
    const memory = openMemory();
    return { store: memory, log: undefined, [Symbol.asyncDispose]: () => memory.close() };
  }
  const [at] = await backend.makeStores(directory);
  const store = await openStore(at);
  return {
    store,
    // On a server there is none there.
    log: join(directory, at.adapter === 'sqlite' ? 'store.db-wal' : 'store-0.db-wal'),
    async [Symbol.asyncDispose]() {
      await store.close();
      await backend.remove?.(at);
    },
  };
}

function medianOf(samples: readonly Sample[], name: keyof Sample): number {
  return (
    samples.map((sample) => sample[name]).toSorted((one, other) => one - other)[Math.floor(samples.length / 2)] ?? 0
  );
}
