import { line, round, svg, text } from './svg.ts';

/** One bar. */
export interface Bar {
  readonly name: string;
  readonly kind: 'ours' | 'peer';
  readonly value: number;
}

const WIDTH = 560;
const LEFT = 190;
const RIGHT = WIDTH - 80;
const TOP = 44;
const PITCH = 28;

/** Bars from the left, on an axis on which each line is ten times the one before; it begins at 1. */
export function barChart(title: string, axis: string, bars: readonly Bar[]): string {
  const powers = Math.ceil(Math.log10(Math.max(10, ...bars.map(({ value }) => value))));
  const x = (value: number): number => LEFT + ((RIGHT - LEFT) * Math.log10(Math.max(1, value))) / powers;
  const bottom = TOP + bars.length * PITCH;
  return svg(title, WIDTH, bottom + 52, [
    `<text class="title" x="16" y="22">${title}</text>`,
    ...Array.from({ length: powers + 1 }, (_, power) => 10 ** power).flatMap((tick) => [
      line('grid', [x(tick), TOP], [x(tick), bottom]),
      text(x(tick), bottom + 18, tick.toLocaleString('en'), 'middle'),
    ]),
    text((LEFT + RIGHT) / 2, bottom + 40, axis, 'middle'),
    ...bars.flatMap(({ name, kind, value }, n) => {
      const y = TOP + n * PITCH;
      return [
        text(LEFT - 10, y + 18, name, 'end'),
        `<rect class="${kind}" x="${LEFT}" y="${y + 5}" width="${round(Math.max(1, x(value) - LEFT))}" height="${PITCH - 10}"/>`,
        text(x(value) + 6, y + 18, value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en')),
      ];
    }),
  ]);
}
