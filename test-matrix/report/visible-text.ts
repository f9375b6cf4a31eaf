// Cc: C0 and C1 controls; Cf: invisible ones that reorder or join text; Zl, Zp: line and paragraph separators.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * A text from outside with everything invisible spelled out (`\u{202e}`), so that it neither steers a terminal nor
 * reorders a page. Newlines and tabs stay; lone surrogates become U+FFFD.
 */
export function visibleText(text: string): string {
  return text.toWellFormed().replaceAll(UNSEEN, (unseen) => {
    if (unseen === '\n' || unseen === '\t') return unseen;
    return `\\u{${unseen.codePointAt(0)?.toString(16)}}`;
  });
}

/** The same on one line: newlines and tabs become spaces. */
export function visibleLine(text: string): string {
  return visibleText(text.replaceAll(/\s+/g, ' ')).trim();
}
