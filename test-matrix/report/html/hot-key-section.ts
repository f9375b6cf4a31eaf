import type { HotKeyPoint, HotKeyReport, MatrixReport, RanBackend } from '../matrix-report.ts';
import { count, latency as latencyWords, listed } from '../words.ts';
import { failureAnchor } from './anchors.ts';
import { icon } from './icons.ts';
import { decadesOf, latencyPlot, measured } from './latency-plot.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './scroll-table.ts';

type Measuring = RanBackend & { readonly hotKey: HotKeyReport };

/** How long an update of one record takes while others update the same one. */
export function hotKeySection({ backends }: MatrixReport): Markup {
  const ran = backends.filter((it): it is RanBackend => it.status !== 'could-not-start');
  const measuring = ran.filter((it): it is Measuring => it.hotKey !== null);
  const others = ran.filter(({ hotKey }) => hotKey === null).map(({ name }) => name);
  return html` <section aria-labelledby="hot-key">
    <h2 id="hot-key">One hot key</h2>
    ${measuring.length === 0 ? html`<p>No backend that ran takes versioned records, so there was nothing to measure.</p>` : measurement(measuring)}
    ${measuring.length > 0 && others.length > 0 ? html`<p>Not measured: ${listed(others)}, where records are refused.</p>` : undefined}
  </section>`;
}

function measurement(backends: readonly Measuring[]): Markup {
  const updates = backends[0]?.hotKey.updatesPerWriter ?? 0;
  const decades = decadesOf(backends.flatMap(({ hotKey }) => hotKey.points));
  const plots = backends.filter(({ hotKey }) => measured(hotKey.points).length > 0);
  return html` <p>
      Writers in one instance update the same record through <code>casUpdate</code>, all at the same moment, in
      ${count(updates, 'burst')}. In the end the counter must say exactly how many updates succeeded.
    </p>
    <figure>
      <div class="plots">
        ${plots.map(
          ({ name, hotKey }, index) =>
            html` <div>
              <h3>${name}</h3>
              ${latencyPlot(`plot-${index}`, name, hotKey.points, decades)}
            </div>`,
        )}
      </div>
      <figcaption>
        How long one update takes by the number of writers: half of them at most as long as the solid line with dots
        (p50), 99 in 100 at most as long as the dashed line with squares (p99). All plots have the same logarithmic
        scale; the values at the right are those of the most writers.
      </figcaption>
    </figure>
    ${scrollTable('The hot key in numbers', HEAD, backends.map(rowsOf), 'numbers')}`;
}

const HEAD = [
  'Backend',
  'Writers',
  'Updates',
  'Counter',
  'p50',
  'p90',
  'p99',
  'Slowest',
  'Mean attempts',
  'Most',
  'Updates/s',
];

function rowsOf({ id, name, hotKey }: Measuring): Markup[] {
  const { points, failure } = hotKey;
  const rows = points.map(cellsOf);
  if (failure !== null || points.length === 0) rows.push(endedEarly(id));
  const header = html`<th scope="rowgroup" rowspan="${rows.length}">${name}</th>`;
  return rows.map(
    (cells, index) =>
      html`<tr>
        ${index === 0 ? header : undefined}${cells}
      </tr>`,
  );
}

function endedEarly(id: string): Markup {
  const told = html`<a href="#${failureAnchor(id)}">${icon('failed', 'ended early')}</a>`;
  return html`<td class="bad" colspan="${HEAD.length - 1}">${told}</td>`;
}

function cellsOf({ writers, updates, failed, counter, exact, latency, attempts, durationMs }: HotKeyPoint): Markup {
  const ms = (value: number | undefined): string => (value === undefined ? '–' : latencyWords(value));
  const good = exact && failed === 0;
  const found = good
    ? icon('passed', 'exact')
    : icon('failed', failed > 0 ? `${failed} failed` : `says ${counter ?? 'nothing'}`);
  const perSecond =
    latency === null ? '–' : Math.round((latency.count / Math.max(durationMs, 1)) * 1000).toLocaleString('en');
  return html` <td>${writers}</td>
    <td>${updates.toLocaleString('en')}</td>
    <td class="${good ? '' : 'bad'}">${found}</td>
    <td>${ms(latency?.p50)}</td>
    <td>${ms(latency?.p90)}</td>
    <td>${ms(latency?.p99)}</td>
    <td>${ms(latency?.max)}</td>
    <td>${attempts?.mean.toFixed(2) ?? '–'}</td>
    <td>${attempts?.max ?? '–'}</td>
    <td>${perSecond}</td>`;
}
