import { SCENARIOS, type Family } from '@holdfast/contract';
import { FAMILIES, FAMILY_WORDS, familyOf } from '../families.ts';
import type { BackendReport, MatrixReport, RanBackend } from '../matrix-report.ts';
import { needWords } from '../needs.ts';
import { count, duration, listed } from '../words.ts';
import { failureAnchor } from './anchors.ts';
import { besideScenarios } from './beside-scenarios.ts';
import { icon } from './icons.ts';
import { html, type Content, type Markup } from './markup.ts';
import { notStartedCell } from './not-started-cell.ts';
import { scrollTable } from './scroll-table.ts';

/** The scenarios that were run, by family and backend. */
export function provenSection({ backends }: MatrixReport): Markup {
  const head = [html`<span class="unseen">Family of scenarios</span>`, ...backends.map(({ name }) => name)];
  const rows = FAMILIES.map(
    (family) =>
      html` <tr>
        <th scope="row">${family}<span class="about">${FAMILY_WORDS[family]}</span></th>
        ${backends.map((backend) => familyCell(backend, family))}
      </tr>`,
  );
  const total = html` <tr class="total">
    <th scope="row">all in all</th>
    ${backends.map(totalCell)}
  </tr>`;
  return html` <section aria-labelledby="proven">
    <h2 id="proven">What was proven</h2>
    <p>
      The contract suite asks ${count(SCENARIOS.length, 'question')} of every backend, each on a new store. The numbers
      count the scenarios of a family; below them is how long they took. A backend also fails by what is no scenario:
      the hot key below, and errors that nobody caught.
    </p>
    <ul class="legend">
      <li>${icon('passed', 'passed')}: it does what it promises.</li>
      <li>
        ${icon('refused', 'not promised')}: it does not promise this, so the opposite scenario was run, and passed. What
        can be refused is: with a typed error, and nothing changed. Of what cannot, such as outliving its process, the
        opposite asks only what is left of it.
      </li>
      ${backends.some(hasGaps) ? html`<li>${icon('known-gap', 'known gap')}: it fails, and its author says so.</li>` : undefined}
      <li>${icon('failed', 'failed')}: it breaks the contract.</li>
    </ul>
    ${scrollTable('Scenarios by family and backend', head, [rows, besideScenarios(backends), [total]], 'grid')}
    ${refusedPart(backends)} ${scenarioList()}
  </section>`;
}

function hasGaps(backend: BackendReport): boolean {
  return 'counts' in backend && backend.counts['known-gap'] > 0;
}

function familyCell(backend: BackendReport, family: Family): Markup {
  if (backend.status === 'could-not-start') return notStartedCell(backend);
  const found = backend.families.find((it) => it.family === family);
  if (found === undefined) return html`<td>${icon('no', 'not run')}</td>`;
  return cell(found, failureAnchor(backend.id, family), found.counts.failed > 0);
}

/** Red also where all scenarios passed and something else failed. */
function totalCell(backend: BackendReport): Markup {
  if (backend.status === 'could-not-start') return notStartedCell(backend);
  return cell(backend, failureAnchor(backend.id), backend.status !== 'passed');
}

function cell({ counts, durationMs }: Pick<RanBackend, 'counts' | 'durationMs'>, anchor: string, bad: boolean): Markup {
  const { passed, refused, failed } = counts;
  const gaps = counts['known-gap'];
  const numbers: Content[] = [
    bad ? html`<a href="#${anchor}">${icon('failed', failed > 0 ? `${failed} failed` : 'failed')}</a> ` : undefined,
    passed > 0 ? html`${icon('passed', html`${passed}<span class="unseen"> passed</span>`)} ` : undefined,
    refused > 0 ? html`${icon('refused', html`${refused}<span class="unseen"> not promised</span>`)} ` : undefined,
    gaps > 0 ? html`${icon('known-gap', html`${gaps}<span class="unseen"> known to fail</span>`)} ` : undefined,
  ];
  return html`<td class="${bad ? 'bad' : ''}">${numbers}<span class="about">${duration(durationMs)}</span></td>`;
}

function refusedPart(backends: readonly BackendReport[]): Markup | undefined {
  const refusing = backends.filter((it): it is RanBackend => 'counts' in it && it.counts.refused > 0);
  if (refusing.length === 0) return undefined;
  return html` <h3>Not promised</h3>
    <ul class="plain">
      ${refusing.map(refusedItem)}
    </ul>`;
}

function refusedItem({ name, counts, scenarios }: RanBackend): Markup {
  const missing = needWords([...new Set(scenarios.flatMap(({ notClaimed }) => notClaimed))]);
  return html`<li>
    <strong>${name}</strong>: ${count(counts.refused, 'scenario')}, since it does not promise ${listed(missing)}.
  </li>`;
}

function scenarioList(): Markup {
  const groups = Map.groupBy(SCENARIOS, ({ id }) => familyOf(id));
  return html` <details>
    <summary>Every scenario by name</summary>
    ${Array.from(
      groups,
      ([family, scenarios]) =>
        html` <h3>${family}</h3>
          <dl class="scenarios">
            ${scenarios.map(
              ({ id, title }) =>
                html`<div>
                  <dt>${id}</dt>
                  <dd>${title}</dd>
                </div>`,
            )}
          </dl>`,
    )}
  </details>`;
}
