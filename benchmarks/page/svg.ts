/** How both kinds of charts look, on light and on dark pages. */
const STYLE = `<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 14px }
.axis { stroke: #8c959f; stroke-width: 1 }
.grid { stroke: #8c959f; stroke-width: 1; stroke-opacity: 0.25 }
.ours { stroke: #2f6fde; fill: #2f6fde }
.peer { stroke: #c77700; fill: #c77700 }
.line { fill: none; stroke-width: 2 }
.spread { stroke-width: 1; stroke-opacity: 0.7 }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }
</style>`;

/** A whole picture of that size in pixels. What it shows is told to those who cannot see it by `title`. */
export function svg(title: string, width: number, height: number, parts: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`;
  return `${[head, `<title>${escaped(title)}</title>`, STYLE, ...parts, '</svg>'].join('\n')}\n`;
}

/** A line of text. */
export function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escaped(content)}</text>`;
}

/** A straight line of one of the classes of {@link STYLE}. */
export function line(kind: string, [x1, y1]: Point, [x2, y2]: Point): string {
  return `<line class="${kind}" x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"/>`;
}

/** A place in pixels, from the upper left. */
export type Point = readonly [x: number, y: number];

/** Enough digits for a pixel. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
