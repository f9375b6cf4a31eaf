import type { MatrixReport, RanBackend } from '../matrix-report.ts';
import { duration } from '../words.ts';
import { html, type Markup } from './markup.ts';
import { scrollTable } from './scroll-table.ts';

const SLOWEST = 3;

/** How long each backend took, and where the time went. */
export function timesSection({ backends }: MatrixReport): Markup | undefined {
  const ran = backends.filter((it): it is RanBackend => it.status !== 'could-not-start');
  if (ran.length === 0) return undefined;
  const longest = Math.max(1, ...ran.map(({ durationMs }) => durationMs));
  const rows = ran.map(
    ({ name, durationMs, scenarios }) =>
      html` <tr>
        <th scope="row">${name}</th>
        <td>${duration(durationMs)}</td>
        <td class="bar"><span style="width: ${((100 * durationMs) / longest).toFixed(1)}%"></span></td>
        <td class="slowest">
          ${scenarios
            .toSorted((a, b) => b.durationMs - a.durationMs)
            .slice(0, SLOWEST)
            .map((it) => html`<span><code>${it.id}</code> ${duration(it.durationMs)}</span> `)}
        </td>
      </tr>`,
  );
  const head = ['Backend', 'Time', html`<span class="unseen">As a bar</span>`, 'The slowest scenarios'];
  return html` <section aria-labelledby="times">
    <h2 id="times">How long it took</h2>
    <p>One backend ran after the other; the hot key is included.</p>
    ${scrollTable('Time by backend', head, [rows], 'times')}
  </section>`;
}
