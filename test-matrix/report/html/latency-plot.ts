import type { HotKeyPoint, Latencies } from '../matrix-report.ts';
import { count, latency as latencyWords } from '../words.ts';
import { html, type Markup } from './markup.ts';

const WIDTH = 300;
const HEIGHT = 208;
const LEFT = 52;
const RIGHT = WIDTH - 88;
const TOP = 12;
const BOTTOM = HEIGHT - 40;

/** The least distance of two lines of text, in the units of the drawing. */
const LINE = 15;

/** The decades of a logarithmic axis that several plots have in common, as powers of ten of a millisecond. */
export interface Decades {
  readonly from: number;
  readonly to: number;
}

interface Measured extends HotKeyPoint {
  readonly latency: Latencies;
}

/** The points at which something succeeded. */
export function measured(points: readonly HotKeyPoint[]): Measured[] {
  return points.filter((it): it is Measured => it.latency !== null);
}

/** The decades between which all medians and 99th percentiles lie. */
export function decadesOf(points: readonly HotKeyPoint[]): Decades {
  const values = measured(points).flatMap(({ latency }) => [latency.p50, latency.p99].map(axisValue));
  if (values.length === 0) return { from: -1, to: 1 };
  const from = Math.floor(Math.log10(Math.min(...values)));
  return { from, to: Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)))) };
}

/**
 * The latencies of one backend by number of writers: the median as a solid line with dots, the 99th percentile as a
 * dashed one with squares, both with their last value beside them. One color, so that none has to be told apart.
 */
export function latencyPlot(id: string, name: string, points: readonly HotKeyPoint[], decades: Decades): Markup {
  const shown = measured(points);
  const x = (index: number): number => LEFT + ((index + 0.5) * (RIGHT - LEFT)) / Math.max(1, shown.length);
  const y = (ms: number): number => {
    const share = (Math.log10(axisValue(ms)) - decades.from) / (decades.to - decades.from);
    return BOTTOM - share * (BOTTOM - TOP);
  };
  const p50 = shown.map(({ latency }, index) => [x(index), y(latency.p50)] as const);
  const p99 = shown.map(({ latency }, index) => [x(index), y(latency.p99)] as const);
  const last = shown.at(-1)?.latency;
  const described = shown.map(
    ({ writers, latency }) =>
      `${count(writers, 'writer')}: median ${latencyWords(latency.p50)}, 99th percentile ${latencyWords(latency.p99)}.`,
  );
  return html` <svg class="plot" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="${id}-title ${id}-desc">
    <title id="${id}-title">Latency of an update of one hot key on ${name}</title>
    <desc id="${id}-desc">${described.join(' ')}</desc>
    ${gridLines(decades, y)}
    ${shown.map(({ writers }, index) => html`<text class="tick" x="${x(index)}" y="${BOTTOM + 16}" text-anchor="middle">${writers}</text>`)}
    <text class="tick" x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 33}" text-anchor="middle">writers</text>
    <polygon class="band" points="${pairs([...p50, ...p99.toReversed()])}" />
    <polyline class="line" points="${pairs(p50)}" />
    <polyline class="line dashed" points="${pairs(p99)}" />
    ${p50.map(([cx, cy]) => html`<circle class="dot" cx="${fixed(cx)}" cy="${fixed(cy)}" r="3.5" />`)}
    ${p99.map(([cx, cy]) => html`<rect class="square" x="${fixed(cx - 3.5)}" y="${fixed(cy - 3.5)}" width="7" height="7" />`)}
    ${last === undefined ? undefined : endLabels(last, y)}
  </svg>`;
}

function gridLines({ from, to }: Decades, y: (ms: number) => number): Markup[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const ms = 10 ** (from + index);
    const at = fixed(y(ms));
    return html` <line class="rule" x1="${LEFT}" x2="${RIGHT}" y1="${at}" y2="${at}" />
      <text class="tick" x="${LEFT - 6}" y="${at}" text-anchor="end" dominant-baseline="central">${decade(ms)}</text>`;
  });
}

function endLabels({ p50, p99 }: Latencies, y: (ms: number) => number): Markup {
  const [lower, upper] = [y(p50), y(p99)];
  // Where the values lie close together, their labels move apart.
  const push = Math.max(0, LINE - (lower - upper)) / 2;
  const label = (text: string, ms: number, at: number): Markup =>
    html`<text class="label" x="${RIGHT + 2}" y="${fixed(at)}" dominant-baseline="central"
      >${text} ${latencyWords(ms)}</text
    >`;
  return html`${label('p99', p99, upper - push)}${label('p50', p50, lower + push)}`;
}

function decade(ms: number): string {
  if (ms >= 1000) return `${ms / 1000} s`;
  return ms >= 1 ? `${ms} ms` : `${Number((ms * 1000).toFixed(3))} µs`;
}

/** A logarithm needs more than nothing; 1 µs is as far as a duration is measured. */
function axisValue(ms: number): number {
  return Math.max(ms, 0.001);
}

function pairs(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${fixed(x)},${fixed(y)}`).join(' ');
}

function fixed(value: number): number {
  return Number(value.toFixed(1));
}
