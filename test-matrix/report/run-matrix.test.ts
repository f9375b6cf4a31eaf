import { EventEmitter } from 'node:events';
import type { Harness } from '@holdfast/contract';
import { MemoryFilesystem, openMemory } from '@holdfast/memory';
import { expect, test } from 'vitest';
import type { Backend } from '../backends/index.ts';
import { reportPage } from './html/report-page.ts';
import type { RanBackend } from './matrix-report.ts';
import { runMatrix } from './run-matrix.ts';
import type { ServerStarters } from './servers.ts';
import { textTable } from './text-table.ts';

/** One that answers an empty body as if nothing were there. */
class ReadsEmptyAsAbsent extends MemoryFilesystem {
  protected override async _get(path: Parameters<MemoryFilesystem['_get']>[0]) {
    const found = await super._get(path);
    return found?.body.length === 0 ? undefined : found;
  }
}

function backend(id: string, createStore: Harness['createStore'], server?: Backend['server']): Backend {
  return { id, name: id, server, harness: { name: id, createStore } };
}

const memory = backend('memory', async () => ({ open: async () => openMemory(), destroy: async () => {} }));
const broken = backend('broken', async () => ({
  open: async () => new ReadsEmptyAsAbsent(openMemory().capabilitiesAt('/')),
  destroy: async () => {},
}));
const closed = backend('closed', () => Promise.reject(Object.assign(new Error('no room'), { code: 'ENOSPC' })));
const onServer = backend('postgres', memory.harness.createStore, 'postgres');

const starters: ServerStarters = {
  postgres: () => Promise.reject(new Error('no server')),
  libsql: () => Promise.reject(new Error('nobody asked for it')),
};

test('a run goes on after a backend that fails and one that cannot start, and all of them are in the report', async () => {
  const began: string[] = [];
  const ended: string[] = [];
  const report = await runMatrix({
    backends: [broken, closed, onServer, memory],
    leftOut: [{ id: 'x', name: 'X', by: '--only' }],
    effort: 'quick',
    starters,
    progress: {
      onBackend: ({ id }) => {
        began.push(id);
        return {};
      },
      onBackendEnd: ({ id }) => ended.push(id),
    },
  });
  expect(began).toEqual(['broken', 'closed', 'postgres', 'memory']);
  expect(ended).toEqual(began);
  expect(report).toMatchObject({ format: 1, ok: false, effort: 'quick', leftOut: [{ id: 'x' }] });
  expect(report.servers).toMatchObject([{ server: 'postgres', source: null, failure: { reason: 'Error: no server' } }]);
  expect(report.backends).toMatchObject([
    { id: 'broken', status: 'failed' },
    { id: 'closed', status: 'could-not-start', failure: { stage: 'store', code: 'ENOSPC', reason: 'Error: no room' } },
    { id: 'postgres', server: 'postgres', status: 'could-not-start', failure: { stage: 'server' } },
    { id: 'memory', status: 'passed' },
  ]);
  const failed = (report.backends[0] as RanBackend).scenarios.filter(({ status }) => status === 'failed');
  expect(failed.map(({ id }) => id)).toContain('bytes.empty');
  expect(failed.every(({ reason }) => reason !== undefined)).toBe(true);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test('an error that nobody caught fails the backend that ran, and not the one after it', async () => {
  const events = new EventEmitter();
  const stray = backend('stray', async (...args) => {
    events.emit('uncaughtException', new Error('out of nowhere'));
    return memory.harness.createStore(...args);
  });
  const report = await runMatrix({ backends: [stray, memory], leftOut: [], effort: 'quick', only: ['bytes'], events });
  const [first, second] = report.backends as RanBackend[];
  expect(first).toMatchObject({ status: 'failed', counts: { failed: 0 } });
  expect(first?.strayErrors[0]).toEqual({ stage: 'stray', code: null, reason: 'Error: out of nowhere' });
  expect(second).toMatchObject({ status: 'passed', strayErrors: [] });
  expect(report.verdict).toContain('stray throws where nobody can catch it');
  expect(events.listenerCount('uncaughtException')).toBe(0);
});

test('errors that nobody caught while servers start or stop fail the run, and no backend', async () => {
  const events = new EventEmitter();
  const stray = (reason: string): boolean => events.emit('uncaughtException', new Error(reason));
  const postgres: ServerStarters['postgres'] = async () => {
    stray('while starting');
    return {
      url: 'postgres://nowhere',
      source: 'binary',
      description: 'PostgreSQL',
      async stop() {
        // Behind everything that is awaited.
        setImmediate(() => stray('after stopping'));
      },
    };
  };
  const report = await runMatrix({
    backends: [onServer],
    leftOut: [],
    effort: 'quick',
    only: ['bytes'],
    starters: { ...starters, postgres },
    events,
  });
  expect(report).toMatchObject({ ok: false, backends: [{ status: 'passed', strayErrors: [] }] });
  expect(report.strayErrors.map(({ reason }) => reason)).toEqual(['Error: while starting', 'Error: after stopping']);
  expect(report.verdict).toContain('2 errors went astray while no backend ran');
  expect(textTable(report)).toContain('FAILED  nobody caught: Error: after stopping');
  expect(reportPage(report)).toContain('Error: after stopping');
});

test('errors that nobody caught are told of a backend that could not start, too', async () => {
  const events = new EventEmitter();
  const unopened = backend('unopened', () => {
    events.emit('uncaughtException', new Error('why it could not'));
    return closed.harness.createStore();
  });
  const report = await runMatrix({ backends: [unopened], leftOut: [], effort: 'quick', events });
  expect(report.backends).toMatchObject([
    { status: 'could-not-start', strayErrors: [{ stage: 'stray', reason: 'Error: why it could not' }] },
  ]);
  expect(reportPage(report)).toContain('Error: why it could not');
});
