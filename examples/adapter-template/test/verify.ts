// `npm run verify` runs the suite at full effort, without a test runner, and leaves a report.
// `npm run verify -- --effort quick cas list.order` runs a family and a scenario with small numbers.

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runContract, type Effort } from '@holdfast/contract';
import { harness } from './harness.ts';

const { values, positionals } = parseArgs({
  options: { effort: { type: 'string', default: 'full' }, 'round-trip': { type: 'string' } },
  allowPositionals: true,
});
const roundTrip = values['round-trip'];

const report = await runContract(harness, {
  effort: values.effort as Effort,
  ...(roundTrip !== undefined && { roundTripMs: Number(roundTrip) }),
  ...(positionals.length > 0 && { only: positionals }),
  onScenario({ id, title, status, durationMs }) {
    console.log(`${status.padEnd(10)} ${id}: ${title} (${durationMs} ms)`);
  },
});

// Last, since what nobody handled may fail a scenario that had passed.
for (const { id, status, reason = '' } of report.scenarios) {
  if (status === 'failed') console.log(`\n${id} failed:\n  ${reason.replaceAll('\n', '\n  ')}`);
}
console.log(report.counts, `effort ${report.effort}, promises ${report.versions.promises}`);
writeFileSync('contract-report.json', `${JSON.stringify(report, undefined, 2)}\n`);
if (!report.ok) process.exitCode = 1;
