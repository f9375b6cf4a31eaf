import { expect, test } from 'vitest';
import { STYLE } from './style.ts';

/** The least contrast of text (WCAG 2.2, 1.4.3) and of what is drawn (1.4.11), both at level AA. */
const TEXT = 4.5;
const DRAWN = 3;

const schemes = ['(?=:root)', '\\(prefers-color-scheme: dark\\)', 'print'].map((start, index) => {
  const rule = new RegExp(`${start}[^]*?:root \\{(?<colors>[^}]*)\\}`).exec(STYLE)?.groups?.['colors'] ?? '';
  const colors = Array.from(rule.matchAll(/--(?<name>[\w-]+): (?<color>#\w+);/g), ({ groups }) => groups ?? {});
  return [['light', 'dark', 'print'][index], new Map(colors.map(({ name, color }) => [name, color]))] as const;
});

/** The contrast of two colors as WCAG defines it: 1 to 21. */
function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const hex = color.length === 4 ? color.replaceAll(/\w/g, '$&$&') : color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

test.each(schemes)('text and drawings can be read in the color scheme %s', (_, colors) => {
  const of = (name: string): string => colors.get(name) ?? expect.fail(`there is no --${name}`);
  for (const [front, back, least] of [
    ['text', 'page', TEXT],
    ['text', 'shade', TEXT],
    ['text', 'warn-shade', TEXT],
    ['quiet', 'page', TEXT],
    ['bad', 'page', TEXT],
    ['on-bad', 'bad', TEXT],
    ['good', 'page', DRAWN],
    ['ink', 'page', DRAWN],
  ] as const) {
    expect({ front, back, enough: contrast(of(front), of(back)) >= least }).toEqual({ front, back, enough: true });
  }
});
