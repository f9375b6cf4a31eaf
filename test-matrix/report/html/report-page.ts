import type { MatrixReport } from '../matrix-report.ts';
import { failedSection } from './failed.ts';
import { hotKeySection } from './hot-key-section.ts';
import { icon, ICON_SHAPES } from './icons.ts';
import { html, Markup } from './markup.ts';
import { promisesSection } from './promises.ts';
import { provenSection } from './proven.ts';
import { runFactsSection } from './run-facts.ts';
import { STYLE } from './style.ts';
import { timesSection } from './times.ts';

// Says to the browser what is true anyway: the page loads nothing and runs nothing.
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A report as one page of HTML that needs nothing else: no script, no font, no request. */
export function reportPage(report: MatrixReport): string {
  const page = html`
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${report.ok ? 'Passed' : 'Failed'}: Holdfast contract matrix</title>
        <style>
          ${new Markup(STYLE)}
        </style>
      </head>
      <body>
        ${ICON_SHAPES}
        <header>
          <h1>Holdfast contract matrix</h1>
          <p class="verdict ${report.ok ? 'good' : 'bad'}">
            ${icon(report.ok ? 'passed' : 'failed')}<span>${report.verdict}</span>
          </p>
          ${leftOutNote(report)}
        </header>
        <main>
          ${promisesSection(report)} ${provenSection(report)} ${failedSection(report)} ${hotKeySection(report)}
          ${timesSection(report)} ${runFactsSection(report)}
        </main>
      </body>
    </html>
  `;
  return `<!doctype html>${page.text}`;
}

function leftOutNote({ leftOut }: MatrixReport): Markup | undefined {
  if (leftOut.length === 0) return undefined;
  return html` <div class="left-out">
    <h2>Left out on purpose</h2>
    <p>Nothing on this page says anything about these:</p>
    <ul>
      ${leftOut.map(({ name, by }) => html`<li><strong>${name}</strong> (<code>${by}</code>)</li>`)}
    </ul>
  </div>`;
}
