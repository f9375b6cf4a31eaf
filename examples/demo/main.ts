/**
 * The demo: 40 concurrent turns spend from one shared budget record and keep their own run records, through
 * `casUpdate`, on every backend, while one more writer of the budget hangs.
 */
import { BACKENDS } from './backends.ts';
import { runBackend, type BackendReport } from './run-backend.ts';
import { startServers } from './servers.ts';
import { table } from './table.ts';
import { WORKLOAD } from './turns.ts';

function printTable(reports: readonly BackendReport[], servers: readonly string[]): void {
  const { turns, steps } = WORKLOAD;
  console.log(`Servers: ${servers.join('; ')}\n`);
  console.log(
    `${turns} turns at once, each spending ${steps} times from one shared budget record and recording its own`,
  );
  console.log('progress in a run record. One more writer of the budget hangs in the middle of its update.\n');
  const ms = (value: number | null): string => (value === null ? '-' : value.toFixed(2));
  console.log(
    table([
      [
        'backend',
        'writers',
        'updates',
        'lost',
        'attempts',
        'p50 ms',
        'p99 ms',
        'waited for the hung writer',
        'records',
      ],
      ...reports.map((report) => [
        report.name,
        String(report.writers),
        String(report.updates),
        String(report.lost),
        String(report.attempts),
        ms(report.p50Ms),
        ms(report.p99Ms),
        report.refused ? '-' : report.passedHungWriter ? 'nobody' : 'YES',
        report.refused ? 'refused, nothing written' : 'accepted',
      ]),
    ]),
  );
}

const UNKNOWN = process.argv.slice(2).find((argument) => argument !== '--json');
if (UNKNOWN === undefined) {
  await using servers = await startServers();
  const reports: BackendReport[] = [];
  for (const backend of BACKENDS) reports.push(await runBackend(backend, servers));
  if (process.argv.includes('--json')) console.log(JSON.stringify({ backends: reports }));
  else printTable(reports, servers.descriptions);
  const bad = reports.filter(({ lost, refused, passedHungWriter }) => lost !== 0 || (!refused && !passedHungWriter));
  if (bad.length > 0) {
    console.error(`\nfailed on: ${bad.map(({ name }) => name).join(', ')}`);
    process.exitCode = 1;
  }
} else {
  console.error(`unknown argument ${UNKNOWN}; the only one is --json`);
  process.exitCode = 2;
}
