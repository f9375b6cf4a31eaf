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
  try {
    progress.onServers?.(servers.reports());
    for (const backend of backends) {
      const { id, name, server } = backend;
      const failure = server && servers.failureOf(server);
      const heard = progress.onBackend?.(backend);
      const report: BackendReport = failure
        ? { id, name, server: server ?? null, status: 'could-not-start', failure }
        : withStrayErrors(await runBackend(backend, effort, heard), stray.take());
      reports.push(report);
      progress.onBackendEnd?.(report);
    }
  } finally {
    await servers.stop();
  }
  const found = { servers: servers.reports(), backends: reports, leftOut };
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
  if (errors.length === 0 || report.status === 'could-not-start') return report;
  return { ...report, status: 'failed', strayErrors: errors.map((it) => describeFailure('stray', it)) };
}

function serversOf(backends: readonly Backend[]): ServerName[] {
  return [...new Set(backends.flatMap(({ server }) => server ?? []))];
}
