import type { BackendReport } from './backend-report.ts';
import type { DemoBackend } from './backends.ts';

/** What is wrong with what was found out about a backend, in words; `undefined` when it is as it must be. */
export function problemOf({ takesRecords }: DemoBackend, report: BackendReport): string | undefined {
  const { failure, refused, lost, passedHungWriter } = report;
  if (failure !== null) return `${failure.code}: ${failure.message}`;
  if (refused) return takesRecords ? 'refused a record, which it must take' : undefined;
  if (!takesRecords) return 'took a record, which it must refuse';
  if (lost !== 0) return `lost ${lost} updates`;
  return passedHungWriter ? undefined : 'waited for the writer that hung';
}
