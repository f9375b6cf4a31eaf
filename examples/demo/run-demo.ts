import type { BackendReport } from './backend-report.ts';
import type { DemoBackend } from './backends.ts';
import { printTable } from './print-table.ts';
import { problemOf } from './problem-of.ts';
import { runBackend } from './run-backend.ts';
import type { DemoServers } from './servers.ts';

/** What to run, and where to say what came of it. */
export interface Demo {
  readonly backends: readonly DemoBackend[];
  readonly servers: DemoServers;
  /** Whether the figures are printed as JSON instead of as a table. */
  readonly json: boolean;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
}

/**
 * Runs the demo on one backend after the other, also after one that fails, prints what was found, and gives the exit
 * code: 1 when anything is not as it must be. Does not reject for anything that a backend does.
 */
export async function runDemo({ backends, servers, json, print, printError }: Demo): Promise<0 | 1> {
  const reports: BackendReport[] = [];
  const problems: string[] = [];
  for (const backend of backends) {
    const report = await runBackend(backend, servers);
    const problem = problemOf(backend, report);
    reports.push(report);
    if (problem !== undefined) problems.push(`${backend.name}: ${problem}`);
  }
  if (json) print(JSON.stringify({ backends: reports }));
  else printTable(reports, servers.descriptions, print);
  if (problems.length === 0) return 0;
  printError(`\nfailed on\n  ${problems.join('\n  ')}`);
  return 1;
}
