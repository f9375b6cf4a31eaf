import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMarkup } from '../testing/well-formed.ts';
import { html } from './markup.ts';

test('text is escaped, markup is not, and nothing stays nothing', () => {
  const inner = html`<b>${'<&">'}</b>`;
  expect(html`<p title="${'"'}">${inner}${undefined}${[1, 'x']}</p>`.text).toBe(
    '<p title="&#34;"><b>&#60;&#38;&#34;&#62;</b>1x</p>',
  );
});

test('no text gets out of where it was put', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (one, other) => {
      const { text } = html`<p title="${one}">${other}</p>`;
      expect(readMarkup(text)).toMatchObject([{ name: 'p', inside: [] }]);
    }),
  );
});

test('what is invisible is spelled out, but for newlines and tabs', () => {
  expect(html`${'a\u202Eb\u0000c\u200Bd\n\te\uD800'}`.text).toBe('a\\u{202e}b\\u{0}c\\u{200b}d\n\te\uFFFD');
});
