import type { ScenarioReport } from '@holdfast/contract';
import type { BackendReport, ServerReport } from './matrix-report.ts';
import { hotKeyFailures } from './run-backend.ts';
import type { MatrixProgress } from './run-matrix.ts';
import { visibleLine } from './visible-text.ts';
import { count, duration } from './words.ts';

/** As much of a stream of a terminal, or of none, as progress needs. */
export interface Terminal {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

const ERASE_LINE = '\r\u001B[2K';

/** Tells how a run goes on: on a terminal one line that changes while a backend runs, elsewhere plain lines only. */
export function progressOn(terminal: Terminal): MatrixProgress {
  const rewrites = terminal.isTTY === true;
  const print = (line: string): void => void terminal.write(`${rewrites ? ERASE_LINE : ''}${line}\n`);
  const show = (line: string): void => {
    // A line that wraps could not be erased.
    if (rewrites) terminal.write(`${ERASE_LINE}${line.slice(0, (terminal.columns ?? 80) - 1)}`);
  };
  return {
    onServers: (servers) => servers.map(serverLine).forEach(print),
    onBackend: ({ id }) => {
      if (rewrites) show(`${id} …`);
      else print(`${id} …`);
      let ended = 0;
      let failed = 0;
      return {
        onScenario: (scenario) => {
          ended += 1;
          if (scenario.status === 'failed') {
            failed += 1;
            print(failureLine(id, scenario));
          }
          show(`${id}: ${count(ended, 'scenario')}, ${failed} failed; last ${scenario.id}`);
        },
        onHotKey: ({ writers }) => show(`${id}: hot key, ${count(writers, 'writer')}`),
      };
    },
    onBackendEnd: (report) => endLines(report).forEach(print),
  };
}

function serverLine({ server, description, failure }: ServerReport): string {
  if (failure !== null) return `FAILED  ${server} did not start: ${visibleLine(failure.reason)}`;
  return visibleLine(description ?? server);
}

function failureLine(backend: string, { id, reason }: ScenarioReport): string {
  return `FAILED  ${backend}  ${id}: ${visibleLine(reason ?? '')}`;
}

function endLines(report: BackendReport): string[] {
  const { id } = report;
  const stray = report.strayErrors.map(({ reason }) => `FAILED  ${id}  nobody caught: ${visibleLine(reason)}`);
  if (report.status === 'could-not-start')
    return [...stray, `FAILED  ${id} could not start: ${visibleLine(report.failure.reason)}`];
  const hotKey = report.hotKey === null ? [] : hotKeyFailures(report.hotKey);
  const { passed, refused, failed } = report.counts;
  const summary = `${passed} passed, ${refused} not promised, ${failed} failed, ${duration(report.durationMs)}`;
  return [
    ...hotKey.map((it) => `FAILED  ${id}  hot key: ${visibleLine(it)}`),
    ...stray,
    `${report.status === 'passed' ? 'ok    ' : 'FAILED'}  ${id}: ${summary}`,
  ];
}
