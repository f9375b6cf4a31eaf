import { expect, test } from 'vitest';
import type { Backend } from '../backends/index.ts';
import { progressOn, type Terminal } from './progress.ts';
import { hotKeyPoint, ranBackend, unstartedBackend } from './testing/made-up-report.ts';

const backend: Backend = {
  id: 'memory',
  name: 'memory',
  server: undefined,
  harness: { name: 'memory', createStore: () => Promise.reject(new Error('not here')) },
};

/** What is written while one backend runs, one scenario of it fails, and another one cannot start. */
function written(terminal: Omit<Terminal, 'write'>): string {
  let text = '';
  const progress = progressOn({ ...terminal, write: (more) => void (text += more) });
  progress.onServers?.([
    { server: 'postgres', source: 'binary', description: 'PostgreSQL 18 from npm', failure: null },
  ]);
  const heard = progress.onBackend?.(backend);
  heard?.onScenario?.({ id: 'bytes.empty', title: 'a title', status: 'passed', durationMs: 1 });
  heard?.onScenario?.({
    id: 'list.order',
    title: 'a title',
    status: 'failed',
    reason: 'no\n\u001Border',
    durationMs: 1,
  });
  heard?.onHotKey?.(hotKeyPoint(4));
  progress.onBackendEnd?.(ranBackend('memory', { failed: { 'list.order': 'no order' } }));
  progress.onBackendEnd?.(unstartedBackend('postgres', 'nothing answers'));
  return text;
}

test('elsewhere than on a terminal there are plain lines only, one for each event that matters', () => {
  const lines = written({}).trimEnd().split('\n');
  expect(lines).toEqual([
    'PostgreSQL 18 from npm',
    'memory …',
    'FAILED  memory  list.order: no \\u{1b}order',
    expect.stringMatching(/^FAILED {2}memory: \d+ passed, 0 not promised, 1 failed, 4\.6 s$/),
    'FAILED  postgres could not start: nothing answers',
  ]);
});

test('on a terminal one line is rewritten, and never wraps', () => {
  const text = written({ isTTY: true, columns: 30 });
  const shown = text.split('\r\u001B[2K');
  expect(shown).toContain('memory: 1 scenario, 0 failed;');
  expect(shown).toContain('memory: hot key, 4 writers');
  expect(shown.filter((it) => !it.endsWith('\n')).every((it) => it.length < 30)).toBe(true);
  expect(text.endsWith('\n')).toBe(true);
});
