const TOKEN =
  /<!doctype html>|<(?<close>\/?)(?<name>[a-z][a-z0-9-]*)(?<attributes>(?:\s+[a-z][a-z0-9-]*="[^"<]*")*)\s*(?<empty>\/?)>/giy;
const CHARACTER = /[^<]/y;

/** An element as it was opened. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  /** The names of the elements around it, the outermost first. */
  readonly inside: readonly string[];
}

/**
 * Reads markup as strictly as XML: every element closed in order or by itself, every attribute in double quotes and
 * there once, no `<` in a text, no `&` that does not begin a numeric character reference.
 *
 * @throws Error that shows where it is not so
 */
export function readMarkup(markup: string): Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  const stray = /&(?!#\d+;)/.exec(markup);
  if (stray !== null) throw new Error(`a bare & before ${markup.slice(stray.index, stray.index + 40)}`);
  let position = 0;
  while (position < markup.length) {
    const [next, text] = [TOKEN, CHARACTER].map((pattern) => {
      pattern.lastIndex = position;
      return pattern.exec(markup);
    });
    const found = next ?? text;
    if (!found) throw new Error(`not well-formed at ${markup.slice(position, position + 80)}`);
    position += found[0].length;
    const { name, close, attributes = '', empty } = next?.groups ?? {};
    if (name === undefined) continue;
    if (close === '/') {
      const expected = open.pop();
      if (expected !== name) throw new Error(`</${name}> where </${expected}> was expected`);
      continue;
    }
    tags.push({ name, attributes: readAttributes(attributes), inside: [...open] });
    if (empty !== '/') open.push(name);
  }
  if (open.length > 0) throw new Error(`never closed: ${open.join(' ')}`);
  return tags;
}

function readAttributes(text: string): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([a-z][a-z0-9-]*)="([^"]*)"/gi)) {
    if (attributes.has(name)) throw new Error(`the attribute ${name} is there twice`);
    attributes.set(name, value);
  }
  return attributes;
}
