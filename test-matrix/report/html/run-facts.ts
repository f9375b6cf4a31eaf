import { EFFORT, type Effort } from '@holdfast/contract';
import { commandOf } from '../command-of.ts';
import type { MatrixReport, ServerReport } from '../matrix-report.ts';
import { duration } from '../words.ts';
import { html, type Content, type Markup } from './markup.ts';

/** With what and where the matrix was run. */
export function runFactsSection(report: MatrixReport): Markup {
  const { date, durationMs, effort, commit, machine, servers } = report;
  const facts: readonly (readonly [string, Content])[] = [
    ['Date', html`<time datetime="${date}">${date.slice(0, 16).replace('T', ' ')} UTC</time>`],
    ['Duration', duration(durationMs)],
    ['Effort', effortWords(effort)],
    ['Commit', commit === null ? 'not known' : html`<code>${commit}</code>`],
    ['Node', machine.node],
    ['Machine', `${machine.platform} ${machine.arch}, ${machine.cpus} × ${machine.cpuModel}`],
    ['Servers', servers.length === 0 ? 'none were needed' : servers.map((it) => html`<div>${serverWords(it)}</div>`)],
  ];
  return html` <section aria-labelledby="how">
    <h2 id="how">How it was run</h2>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <p>
      To run it again: <code>${commandOf(report)}</code>. The file <code>matrix.json</code> beside this page has every
      number.
    </p>
  </section>`;
}

function effortWords(effort: Effort): string {
  const { storm, race } = EFFORT[effort];
  const storms = `storms of ${storm.writers} writers with ${storm.updates.toLocaleString('en')} updates each`;
  return `${effort}: ${storms}, ${race.rounds} races of ${race.racers}`;
}

function serverWords({ server, description }: ServerReport): string {
  return description ?? `${server}: did not start`;
}
