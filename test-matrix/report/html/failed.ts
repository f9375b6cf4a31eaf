import type { BackendReport, Failure, MatrixReport, MatrixScenario, RanBackend } from '../matrix-report.ts';
import { hotKeyFailures } from '../run-backend.ts';
import { failureAnchor } from './anchors.ts';
import { icon } from './icons.ts';
import { html, type Markup } from './markup.ts';

/** Why each thing failed that did; nothing when nothing did. */
export function failedSection({ backends, servers, strayErrors }: MatrixReport): Markup | undefined {
  const unstopped = servers.filter(({ source, failure }) => source !== null && failure !== null);
  const parts = [
    ...backends.filter(({ status }) => status !== 'passed').map(backendPart),
    ...unstopped.map(
      ({ server, failure }) =>
        html`<h3>${icon('failed')}The server ${server} did not stop</h3>
          ${reasonOf(failure as Failure)}`,
    ),
  ];
  if (strayErrors.length > 0) {
    parts.push(
      html`<h3>${icon('failed')}Errors that nobody caught while no backend ran</h3>
        ${strayErrors.map(({ reason }) => quoted(reason))}`,
    );
  }
  if (parts.length === 0) return undefined;
  return html` <section aria-labelledby="failed">
    <h2 id="failed">What failed</h2>
    ${parts}
  </section>`;
}

function backendPart(backend: BackendReport): Markup {
  const { id, name } = backend;
  if (backend.status === 'could-not-start') {
    return html`<h3 id="${failureAnchor(id)}">${icon('failed')}${name} could not start</h3>
      ${reasonOf(backend.failure)} ${strayPart(backend)}`;
  }
  const failed = backend.scenarios.filter(({ status }) => status === 'failed');
  const families = Map.groupBy(failed, ({ family }) => family);
  return html` <h3 id="${failureAnchor(id)}">${icon('failed')}${name}</h3>
    ${Array.from(families, ([family, scenarios]) => familyPart(failureAnchor(id, family), family, scenarios))}
    ${hotKeyPart(backend)} ${strayPart(backend)}`;
}

function familyPart(anchor: string, family: string, scenarios: readonly MatrixScenario[]): Markup {
  const items = scenarios.map(
    ({ id, title, reason }) =>
      html`<dt><code>${id}</code> ${title}</dt>
        <dd>${quoted(reason ?? 'no reason was given')}</dd>`,
  );
  return html`<h4 id="${anchor}">${family}</h4>
    <dl class="reasons">${items}</dl>`;
}

function hotKeyPart({ hotKey }: RanBackend): Markup | undefined {
  const problems = hotKey === null ? [] : hotKeyFailures(hotKey);
  if (problems.length === 0) return undefined;
  return html`<h4>hot key</h4>
    ${problems.map(quoted)}`;
}

function strayPart({ strayErrors }: BackendReport): Markup | undefined {
  if (strayErrors.length === 0) return undefined;
  return html`<h4>errors that nobody caught</h4>
    ${strayErrors.map(({ reason }) => quoted(reason))}`;
}

function reasonOf({ stage, code, reason }: Failure): Markup {
  const what = { server: 'starting its server', store: 'opening a store', contract: 'starting the suite' };
  const doing = stage in what ? what[stage as keyof typeof what] : stage;
  return html`<p>While ${doing}${code === null ? '' : html`, with the code <code>${code}</code>`}:</p>
    ${quoted(reason)}`;
}

function quoted(reason: string): Markup {
  return html`<pre>${reason}</pre>`;
}
