import { SCENARIOS } from '@holdfast/contract';
import { describe, expect, test } from 'vitest';
import { FAMILIES } from '../families.ts';
import type { MatrixReport } from '../matrix-report.ts';
import {
  BYTE_ONLY,
  hotKeyPoint,
  madeUpReport,
  ranBackend,
  unstartedBackend,
  VERSIONED,
} from '../testing/made-up-report.ts';
import { readMarkup } from '../testing/well-formed.ts';
import { reportPage } from './report-page.ts';

/** What no call asks for. */
const UNREFUSABLE: readonly string[] = ['durable', 'shared', 'processes'];

const HOSTILE = `</pre><script src="https://evil.example/x.js"></script>'"><img src=x onerror=alert(1)>&amp;\u202E\u0000\uD800`;

const good = madeUpReport([ranBackend('memory'), ranBackend('local-disk', { capabilities: BYTE_ONLY })]);
const bad = madeUpReport(
  [
    ranBackend('memory'),
    ranBackend('broken', {
      failed: { 'cas.forced-overlap': 'lost <one>', 'list.order': 'A & B' },
      gaps: ['bytes.empty'],
    }),
    unstartedBackend('postgres', 'nothing answers', 'ECONNREFUSED'),
  ],
  { leftOut: [{ id: 'libsql-file', name: 'libSQL (file)', by: '--without' }] },
);
const nothingVersioned = madeUpReport([ranBackend('local-disk', { capabilities: BYTE_ONLY })]);
const nothingStarted = madeUpReport([unstartedBackend('postgres', 'nothing answers')]);
const hostile = madeUpReport(
  [
    ranBackend(HOSTILE, { name: HOSTILE, failed: { 'cas.forced-overlap': HOSTILE } }),
    unstartedBackend(`${HOSTILE}2`, HOSTILE, HOSTILE),
  ],
  {
    leftOut: [{ id: HOSTILE, name: HOSTILE, by: '--only' }],
    commit: HOSTILE,
    date: HOSTILE,
    machine: { node: HOSTILE, platform: HOSTILE, arch: HOSTILE, cpus: 1, cpuModel: HOSTILE },
    servers: [{ server: 'libsql', source: 'docker', description: HOSTILE, failure: null }],
  },
);

const reports: readonly (readonly [string, MatrixReport])[] = [
  ['in which all is well', good],
  ['in which something failed', bad],
  ['without a versioned backend', nothingVersioned],
  ['in which nothing started', nothingStarted],
  ['full of hostile strings', hostile],
];

describe.each(reports)('the page of a report %s', (_, report) => {
  const page = reportPage(report);
  const tags = readMarkup(page);

  test('asks for nothing from elsewhere and runs nothing', () => {
    const names = new Set(tags.map(({ name }) => name));
    for (const loading of ['script', 'link', 'img', 'iframe', 'object', 'embed', 'base', 'image', 'form']) {
      expect(names).not.toContain(loading);
    }
    for (const { attributes } of tags) {
      for (const [name, value] of attributes) {
        expect(name).not.toMatch(/^(on|src|action|data|background|ping|formaction|xlink)/);
        if (name === 'href') expect(value).toMatch(/^#/);
        if (name === 'style') expect(value).toMatch(/^width: [\d.]+%$/);
      }
    }
    const style = /<style>(?<css>[^]*?)<\/style>/.exec(page)?.groups?.['css'];
    expect(style).not.toMatch(/url\(|@import|https?:/);
  });

  test('refers only to ids that are there, each once', () => {
    const ids = tags.flatMap(({ attributes }) => attributes.get('id') ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of tags) {
      const target = attributes.get('href')?.slice(1);
      if (target !== undefined) expect(ids).toContain(target);
      for (const label of attributes.get('aria-labelledby')?.split(' ') ?? []) expect(ids).toContain(label);
    }
  });

  test('has headings in order and tables whose headers say what they are for', () => {
    const levels = tags.filter(({ name }) => /^h[1-6]$/.test(name)).map(({ name }) => Number(name[1]));
    expect(levels[0]).toBe(1);
    levels.slice(1).forEach((level, index) => expect(level).toBeLessThanOrEqual((levels[index] ?? 0) + 1));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    for (const { name, attributes } of tags) {
      if (name === 'th') expect(['col', 'row', 'rowgroup']).toContain(attributes.get('scope'));
    }
  });

  test('gives every drawing a title and a description, or hides it from those who cannot see it', () => {
    for (const { name, attributes } of tags) {
      if (name !== 'svg') continue;
      const hidden = attributes.get('aria-hidden') === 'true';
      expect(hidden || attributes.get('aria-labelledby')).toBeTruthy();
    }
  });

  test('names every backend and every family', () => {
    for (const { name } of report.backends) expect(textOf(page)).toContain(shown(name));
    for (const family of FAMILIES) expect(page).toContain(`<th scope="row">${family}<`);
    for (const { id } of SCENARIOS) expect(page).toContain(id);
  });
});

/** What is read of a page, with its character references resolved. */
function textOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

function shown(text: string): string {
  return text.toWellFormed().replace('\u202E', '\\u{202e}').replace('\u0000', '\\u{0}');
}

test('hostile strings are shown as they are, with what is invisible spelled out', () => {
  const page = reportPage(hostile);
  for (const unseen of ['\u0000', '\u202E', '\uD800']) expect(page).not.toContain(unseen);
  expect(textOf(page).split(shown(HOSTILE)).length).toBeGreaterThan(8);
});

test('the verdict comes first, and what was left out right after it', () => {
  const text = textOf(reportPage(bad));
  const order = [bad.verdict, 'Left out on purpose', 'libSQL (file)', 'What each backend promises'];
  const places = order.map((it) => text.indexOf(it, text.indexOf('<h1>')));
  expect(places.every((it) => it >= 0)).toBe(true);
  expect(textOf(reportPage(good))).not.toContain('Left out');
});

test('a failed cell leads to its reasons', () => {
  const page = reportPage(bad);
  expect(page).toMatch(/<td class="bad"><a\s+href="#failed\.broken\.cas"/);
  expect(page).toContain('<h4 id="failed.broken.cas">cas</h4>');
  expect(textOf(page)).toContain('lost <one>');
  expect(textOf(page)).toContain('A & B');
});

test('a backend that could not start is in the grid, with its reason and code', () => {
  const page = reportPage(bad);
  expect(page.split('href="#failed.postgres"').length - 1).toBe(FAMILIES.length + 3);
  expect(textOf(page)).toContain('postgres could not start');
  expect(textOf(page)).toContain('ECONNREFUSED');
  expect(textOf(page)).toContain('nothing answers');
});

test('what is not promised is not counted as passed, and says what that is', () => {
  const text = textOf(reportPage(nothingVersioned)).replaceAll(/\s+/g, ' ');
  const { passed, refused } = ranBackend('x', { capabilities: BYTE_ONLY }).counts;
  expect(text).toContain(`${passed} passed ${refused} not promised`);
  expect(text).toContain(`${refused} scenarios, since it does not promise`);
  expect(text).toContain('versioned compare-and-swap');
  expect(text).toContain('nothing to measure');
});

test('the plot describes in words what it draws', () => {
  const points = [hotKeyPoint(1), hotKeyPoint(64)];
  const backend = ranBackend('memory', { hotKey: { updatesPerWriter: 100, points, failure: null } });
  const text = textOf(reportPage(madeUpReport([backend])));
  expect(text).toContain('1 writer: median 1.5 ms, 99th percentile 2.5 ms.');
  expect(text).toContain('64 writers: median 95 ms, 99th percentile 157 ms.');
});

test('a counter that is not exact is a failure with a reason', () => {
  const points = [hotKeyPoint(64, { counter: 6399, exact: false })];
  const backend = ranBackend('lossy', {
    hotKey: { updatesPerWriter: 100, points, failure: null },
    capabilities: VERSIONED,
  });
  const text = textOf(reportPage(madeUpReport([backend])));
  expect(text).toContain('With 64 writers and 6400 updates that succeeded, the counter says 6399.');
  expect(text).toContain('fails on the hot key');
});

test('a measurement of which nothing succeeded draws no plot and breaks none', () => {
  const nothing = hotKeyPoint(1, { latency: null, attempts: null, failed: 100, counter: null, exact: false });
  const backend = ranBackend('slow', { hotKey: { updatesPerWriter: 100, points: [nothing], failure: null } });
  const page = reportPage(madeUpReport([backend, ranBackend('memory')]));
  readMarkup(page);
  expect(page).not.toContain('NaN');
  expect(page.split('class="plot"')).toHaveLength(2);
});

test('errors that nobody caught are told', () => {
  const strayErrors = [{ stage: 'stray', code: null, reason: 'Error: out of <nowhere>' }] as const;
  const text = textOf(reportPage(madeUpReport([ranBackend('odd', { strayErrors })])));
  expect(text).toContain('errors that nobody caught');
  expect(text).toContain('Error: out of <nowhere>');
});

test('a backend of which no scenario failed is red where it failed, and in the end', () => {
  const failure = { stage: 'hot key', code: null, reason: 'Error: no <store>' } as const;
  const strayErrors = [{ stage: 'stray', code: null, reason: 'Error: out of nowhere' }] as const;
  const row = (page: string, name: string): string =>
    new RegExp(`<th scope="row">${name}<[^]*?</tr>`).exec(page)?.[0] ?? '';
  const stray = reportPage(madeUpReport([ranBackend('odd', { strayErrors })]));
  expect(row(stray, 'hot key')).not.toContain('class="bad"');
  expect(row(stray, 'uncaught errors')).toContain('<td class="bad"><a href="#failed.odd">');
  expect(row(stray, 'all in all')).toContain('<td class="bad"><a href="#failed.odd">');
  const hotKey = { updatesPerWriter: 100, points: [], failure };
  const unmeasured = reportPage(madeUpReport([ranBackend('odd', { hotKey })]));
  readMarkup(unmeasured);
  expect(row(unmeasured, 'hot key')).toContain('<td class="bad"><a href="#failed.odd">');
  expect(row(unmeasured, 'all in all')).toContain('<td class="bad"><a href="#failed.odd">');
  expect(textOf(unmeasured.slice(unmeasured.indexOf('The hot key in numbers')))).toMatch(/odd\s+ended early/);
  expect(row(reportPage(good), 'all in all')).not.toContain('class="bad"');
});

test('nothing is said to be refused that cannot be', () => {
  // In memory and alone: what survives a crash and what other processes see are no calls that could be refused.
  const alone = { ...VERSIONED, durability: 'none', sharing: 'instance' } as const;
  const backend = ranBackend('memory', { capabilities: alone });
  expect(backend.counts.refused).toBeGreaterThan(0);
  expect(backend.scenarios.every(({ notClaimed }) => notClaimed.every((it) => UNREFUSABLE.includes(it)))).toBe(true);
  const text = textOf(reportPage(madeUpReport([backend]))).replaceAll(/\s+/g, ' ');
  expect(text).not.toMatch(/refused as claimed|What it does not promise, it refuses/i);
  expect(text).toContain(`${backend.counts.refused} not promised`);
});

test('the command to run it again leaves out what was left out', () => {
  const again = (leftOut: MatrixReport['leftOut']): string | undefined => {
    const text = textOf(reportPage(madeUpReport([ranBackend('memory'), ranBackend('disk')], { leftOut })));
    return /To run it again: (?<command>.*?)\. The file/s.exec(text.replaceAll(/\s+/g, ' '))?.groups?.['command'];
  };
  const out = (id: string, by: MatrixReport['leftOut'][number]['by']) => ({ id, name: id, by });
  expect(again([])).toBe('npm run matrix -- --effort full');
  expect(again([out('a', '--only')])).toBe('npm run matrix -- --effort full --only memory,disk');
  expect(again([out('a', '--without'), out('b', '--without')])).toBe('npm run matrix -- --effort full --without a,b');
  expect(again([out('a', '--only'), out('b', '--without'), out('c', 'HOLDFAST_MATRIX_WITHOUT')])).toBe(
    'HOLDFAST_MATRIX_WITHOUT=c npm run matrix -- --effort full --only memory,disk,b,c --without b',
  );
});
