import type { Spread } from './spread.ts';
import { line, round, svg, text, type Point } from './svg.ts';

/** One line of a chart, with a point for each place on the horizontal axis. */
export interface Series {
  readonly name: string;
  readonly kind: 'ours' | 'peer';
  readonly points: readonly Spread[];
}

const WIDTH = 560;
const HEIGHT = 320;
const LEFT = 64;
const RIGHT = WIDTH - 24;
const TOP = 64;
const BOTTOM = HEIGHT - 48;

/** Lines over places that are told by name, from 0 on; a stroke through each point goes from quartile to quartile. */
export function lineChart(
  title: string,
  { names, axis }: { readonly names: readonly string[]; readonly axis: string },
  series: readonly Series[],
): string {
  const most = Math.max(...series.flatMap(({ points }) => points.map(({ upper }) => upper)));
  const step = niceStep(most / 4);
  const ticks = Array.from({ length: Math.ceil(most / step) + 1 }, (_, n) => n * step);
  const top = ticks.at(-1) ?? step;
  const x = (place: number): number => LEFT + ((RIGHT - LEFT) * (place + 0.5)) / names.length;
  const y = (value: number): number => BOTTOM - ((BOTTOM - TOP) * value) / top;

  const drawn = series.flatMap(({ kind, points }) => {
    const places = points.map(({ middle }, place): Point => [x(place), y(middle)]);
    return [
      `<polyline class="${kind} line" points="${places.map((place) => place.map(round).join(',')).join(' ')}"/>`,
      ...points.map(({ lower, upper }, n) => line(`${kind} spread`, [x(n), y(lower)], [x(n), y(upper)])),
      ...places.map(([cx, cy]) => `<circle class="${kind}" cx="${round(cx)}" cy="${round(cy)}" r="3.5"/>`),
    ];
  });
  return svg(title, WIDTH, HEIGHT, [
    `<text class="title" x="${LEFT}" y="22">${title}</text>`,
    ...legend(series),
    ...ticks.flatMap((tick) => [
      line(tick === 0 ? 'axis' : 'grid', [LEFT, y(tick)], [RIGHT, y(tick)]),
      text(LEFT - 8, y(tick) + 4, tick.toLocaleString('en'), 'end'),
    ]),
    ...names.map((name, place) => text(x(place), BOTTOM + 20, name, 'middle')),
    text((LEFT + RIGHT) / 2, BOTTOM + 40, axis, 'middle'),
    ...drawn,
  ]);
}

function legend(series: readonly Series[]): readonly string[] {
  return series.flatMap(({ name, kind }, n) => {
    const x = LEFT + n * 210;
    return [line(`${kind} line`, [x, 42], [x + 20, 42]), text(x + 26, 46, name)];
  });
}

/** The least of 1, 2 and 5 times a power of ten that is no less. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => factor * power >= least) ?? 10);
}
