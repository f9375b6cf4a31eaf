import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Effort } from '@holdfast/contract';
import type { Backend } from '../backends/index.ts';
import { describeFailure } from './failure.ts';
import { gitCommit, thisMachine } from './machine.ts';
import type { BackendReport, LeftOut, MatrixReport, ServerName } from './matrix-report.ts';
import { runBackend, type BackendProgress } from './run-backend.ts';
import { catchStrayErrors, type ErrorEvents } from './stray-errors.ts';
import { startServers, TEST_SERVERS, type ServerStarters } from './servers.ts';
import { isOk, verdictOf } from './verdict.ts';

/** Who is told how a run goes on. */
export interface MatrixProgress {
  readonly onServers?: (servers: MatrixReport['servers']) => void;
  /** Called when a backend begins. What it returns is told of its scenarios. */
  readonly onBackend?: (backend: Backend) => BackendProgress;
  readonly onBackendEnd?: (report: BackendReport) => void;
}

/** What to run. */
export interface MatrixOptions {
  readonly backends: readonly Backend[];
  readonly leftOut: readonly LeftOut[];
  readonly effort: Effort;
  /** Which scenarios and families to run; by default all of them. */
  readonly only?: readonly string[];
  readonly progress?: MatrixProgress;
  /** How servers are started; by default the ones of `@holdfast/test-servers`. */
  readonly starters?: ServerStarters;
  /** Where errors are heard of that nobody caught; by default the process. */
  readonly events?: ErrorEvents;
}

/**
 * Starts the servers that the backends need, runs the backends one after the other, so that none slows another
 * down, and stops the servers. Does not reject for anything that a backend or server does.
 */
export async function runMatrix(options: MatrixOptions): Promise<MatrixReport> {
  const { backends, leftOut, effort, progress = {}, starters = TEST_SERVERS } = options;
  using stray = catchStrayErrors(options.events);
  const begun = new Date();
  const start = performance.now();
  const [commit, servers] = await Promise.all([gitCommit(), startServers(serversOf(backends), starters)]);
  const reports: BackendReport[] = [];
  const outside = stray.take();
  try {
    progress.onServers?.(servers.reports());
    for (const backend of backends) {
      const { id, name, server } = backend;
      const failure = server && servers.failureOf(server);
      const heard = progress.onBackend?.(backend);
      const report: BackendReport = failure
        ? { id, name, server: server ?? null, status: 'could-not-start', failure, strayErrors: [] }
        : withStrayErrors(await runBackend(backend, effort, heard, options.only), stray.take());
      reports.push(report);
      progress.onBackendEnd?.(report);
    }
  } finally {
    await servers.stop();
  }
  // What the last backend or a server left behind is thrown when its turn comes, if at all.
  await nextTurn();
  outside.push(...stray.take());
  const strayErrors = outside.map((it) => describeFailure('stray', it));
  const found = { servers: servers.reports(), backends: reports, strayErrors, leftOut };
  return {
    format: 1,
    ok: isOk(found),
    verdict: verdictOf(found),
    date: begun.toISOString(),
    durationMs: Math.round(performance.now() - start),
    effort,
    commit,
    machine: thisMachine(),
    ...found,
  };
}

function withStrayErrors(report: BackendReport, errors: readonly unknown[]): BackendReport {
  if (errors.length === 0) return report;
  const strayErrors = errors.map((it) => describeFailure('stray', it));
  return report.status === 'could-not-start'
    ? { ...report, strayErrors }
    : { ...report, status: 'failed', strayErrors };
}

function serversOf(backends: readonly Backend[]): ServerName[] {
  return [...new Set(backends.flatMap(({ server }) => server ?? []))];
}
