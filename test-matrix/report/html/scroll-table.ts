import { html, type Content, type Markup } from './markup.ts';

/**
 * A table that scrolls sideways where it is too wide, by keyboard too. Its first column, made of row headers, stays.
 * `caption` is its name for those who do not see it; each of `groups` becomes a group of rows.
 */
export function scrollTable(
  caption: string,
  head: readonly Content[],
  groups: readonly (readonly Markup[])[],
  kind: 'grid' | 'numbers' | 'times',
): Markup {
  return html` <div class="scroll" role="region" aria-label="${caption}" tabindex="0">
    <table class="${kind}">
      <caption class="unseen">
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((it) => html`<th scope="col">${it}</th>`)}
        </tr>
      </thead>
      ${groups.map(
        (rows) =>
          html`<tbody>
            ${rows}
          </tbody>`,
      )}
    </table>
  </div>`;
}
