import type { BackendReport, RanBackend } from '../matrix-report.ts';
import { hotKeyFailures } from '../run-backend.ts';
import { failureAnchor } from './anchors.ts';
import { icon } from './icons.ts';
import { html, type Markup } from './markup.ts';
import { notStartedCell } from './not-started-cell.ts';

/** The rows of what fails a backend and is no scenario. */
export function besideScenarios(backends: readonly BackendReport[]): Markup[] {
  return ROWS.map(
    ({ name, about, cell }) =>
      html` <tr>
        <th scope="row">${name}<span class="about">${about}</span></th>
        ${backends.map((it) => (it.status === 'could-not-start' ? notStartedCell(it) : cell(it)))}
      </tr>`,
  );
}

const ROWS: readonly {
  readonly name: string;
  readonly about: string;
  readonly cell: (backend: RanBackend) => Markup;
}[] = [
  {
    name: 'hot key',
    about: 'Does a record that many writers update at once count every update?',
    cell({ id, hotKey }) {
      if (hotKey === null) return html`<td>${icon('no', 'not measured')}</td>`;
      return hotKeyFailures(hotKey).length > 0 ? badCell(id, 'failed') : html`<td>${icon('passed', 'exact')}</td>`;
    },
  },
  {
    name: 'uncaught errors',
    about: 'Does it throw where nobody can catch it?',
    cell: ({ id, strayErrors }) =>
      strayErrors.length > 0 ? badCell(id, `${strayErrors.length} uncaught`) : html`<td>${icon('passed', 'none')}</td>`,
  },
];

function badCell(id: string, text: string): Markup {
  return html`<td class="bad"><a href="#${failureAnchor(id)}">${icon('failed', text)}</a></td>`;
}
