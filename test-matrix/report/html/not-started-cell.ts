import type { UnstartedBackend } from '../matrix-report.ts';
import { failureAnchor } from './anchors.ts';
import { icon } from './icons.ts';
import { html, type Markup } from './markup.ts';

/** The cell of a backend that could not start; it leads to why. */
export function notStartedCell({ id }: UnstartedBackend): Markup {
  return html`<td class="bad"><a href="#${failureAnchor(id)}">${icon('failed', 'no start')}</a></td>`;
}
