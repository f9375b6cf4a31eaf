import { visibleText } from '../visible-text.ts';

/** Text that is markup already. Only {@link html} makes it. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text, which is escaped, and markup, which is not. `undefined` is nothing. */
export type Content = string | number | Markup | undefined | readonly Content[];

/**
 * Makes markup of a template. Whatever is put into it is escaped, unless it is markup itself, for text and for
 * attributes in double quotes alike; what is invisible in it is spelled out.
 */
export function html(template: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(template.reduce((all, part, index) => all + render(values[index - 1]) + part));
}

/** Escapes a text for elements and for attributes in quotes of either kind. */
function escapeText(text: string): string {
  return visibleText(text).replaceAll(/[&<>"']/g, (special) => `&#${special.charCodeAt(0)};`);
}

function render(content: Content): string {
  if (content === undefined) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'object') return content.map(render).join('');
  return escapeText(String(content));
}
