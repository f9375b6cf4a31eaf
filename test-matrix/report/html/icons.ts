import { html, type Content, type Markup } from './markup.ts';

/** What can be told apart by its shape. */
export type IconName = 'passed' | 'refused' | 'known-gap' | 'failed' | 'no';

const SHAPES: { readonly [Name in IconName]: Markup } = {
  passed: html`<path d="M2.5 8.5l4 4 7-9" />`,
  refused: html`<circle cx="8" cy="8" r="5.5" /><path d="M4.2 11.8l7.6-7.6" />`,
  'known-gap': html`<path d="M2 9.5c2-4 4-4 6-1.5s4 2.5 6-1.5" />`,
  failed: html`<path d="M3.5 3.5l9 9M12.5 3.5l-9 9" />`,
  no: html`<path d="M4 8h8" />`,
};

/** The shapes, once per page, for {@link icon} to refer to. */
export const ICON_SHAPES: Markup = html`<svg class="shapes" width="0" height="0" aria-hidden="true" focusable="false">
  ${Object.entries(SHAPES).map(
    ([name, shape]) => html`<symbol id="icon-${name}" viewBox="0 0 16 16">${shape}</symbol>`,
  )}
</svg>`;

/** A shape beside a text that says the same, or in front of a text that only some can see. */
export function icon(name: IconName, text: Content = ''): Markup {
  const shape = html`<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
    <use href="#icon-${name}" />
  </svg>`;
  return html`<span class="mark ${name}">${shape}${text}</span>`;
}
