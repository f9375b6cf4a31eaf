import type { BackendReport } from './backend-report.ts';
import { table } from './table.ts';
import { WORKLOAD } from './turns.ts';

const HEAD = [
  'backend',
  'writers',
  'updates',
  'lost',
  'attempts',
  'p50 ms',
  'p99 ms',
  'waited for the hung writer',
  'records',
] as const;

/** Prints what was run and a row for each backend. */
export function printTable(
  reports: readonly BackendReport[],
  servers: readonly string[],
  print: (text: string) => void,
): void {
  const { turns, steps } = WORKLOAD;
  print(`Servers: ${servers.join('; ')}\n`);
  print(`${turns} turns at once, each spending ${steps} times from one shared budget record and recording its own`);
  print('progress in a run record. One more writer of the budget hangs in the middle of its update.\n');
  print(table([HEAD, ...reports.map(rowOf)]));
}

function rowOf(report: BackendReport): string[] {
  const { name, writers, updates, lost, attempts, p50Ms, p99Ms, refused, passedHungWriter, failure } = report;
  if (failure !== null) return [name, String(writers), '-', '-', '-', '-', '-', '-', `FAILED: ${failure.code}`];
  const ms = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
  return [
    name,
    String(writers),
    String(updates),
    String(lost),
    String(attempts),
    ms(p50Ms),
    ms(p99Ms),
    refused ? '-' : passedHungWriter ? 'nobody' : 'YES',
    refused ? 'refused, nothing written' : 'accepted',
  ];
}
