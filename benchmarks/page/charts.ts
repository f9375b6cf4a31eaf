import { WRITERS } from '../groups/update-groups.ts';
import { median } from '../measure/median.ts';
import type { Measured } from '../run/benchmark.ts';
import { barChart } from './bar-chart.ts';
import { lineChart } from './line-chart.ts';
import { spreadOf } from './spread.ts';

/** A picture and the name of its file. */
export interface Chart {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

const THROUGHPUT = [
  { prefix: 'sqlite-durable', title: 'SQLite in a file: updates a second', peer: 'better-sqlite3 by hand' },
  { prefix: 'postgres', title: 'PostgreSQL: updates a second', peer: 'pg by hand' },
  { prefix: 'libsql-remote', title: 'libSQL server: updates a second', peer: '@libsql/client by hand' },
] as const;

/** What is drawn of all that was measured; nothing of what was not. */
export function chartsOf(all: readonly Measured[]): readonly Chart[] {
  const byId = new Map(all.map((it) => [it.id, it]));
  return [...THROUGHPUT.flatMap((it) => throughput(byId, it)), ...eventLoopDelay(byId)];
}

type ById = ReadonlyMap<string, Measured>;

function throughput(byId: ById, { prefix, title, peer }: (typeof THROUGHPUT)[number]): readonly Chart[] {
  const measured = WRITERS.flatMap((writers) => byId.get(`${prefix}-${writers}`) ?? []);
  if (measured.length < WRITERS.length) return [];
  const places = { names: WRITERS.map(String), axis: 'writers at once' };
  const svg = lineChart(title, places, [
    { name: 'Holdfast', kind: 'ours', points: measured.map(({ ours }) => spreadOf(ours)) },
    { name: peer, kind: 'peer', points: measured.map((it) => spreadOf(it.peer ?? [])) },
  ]);
  return [{ file: `${prefix}.svg`, title, svg }];
}

function eventLoopDelay(byId: ById): readonly Chart[] {
  const [p99, max] = [byId.get('event-loop-delay-p99'), byId.get('event-loop-delay-max')];
  if (p99 === undefined || max === undefined) return [];
  const title = 'Delay of the event loop while another process holds the lock';
  const bars = [
    { measured: p99, what: 'p99' },
    { measured: max, what: 'most' },
  ].flatMap(({ measured, what }) => [
    { name: `Holdfast, ${what}`, kind: 'ours' as const, value: median(measured.ours) },
    { name: `better-sqlite3, ${what}`, kind: 'peer' as const, value: median(measured.peer ?? []) },
  ]);
  return [{ file: 'event-loop-delay.svg', title, svg: barChart(title, 'milliseconds', bars) }];
}
