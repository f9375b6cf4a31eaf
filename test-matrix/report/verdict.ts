import type { BackendReport, MatrixReport, RanBackend } from './matrix-report.ts';
import { count, listed } from './words.ts';

type Found = Pick<MatrixReport, 'servers' | 'backends' | 'strayErrors' | 'leftOut'>;

/** Whether nothing failed, and something ran. */
export function isOk({ servers, backends, strayErrors }: Found): boolean {
  const passed = backends.every(({ status }) => status === 'passed');
  const quiet = strayErrors.length === 0 && servers.every(({ failure }) => failure === null);
  return passed && backends.length > 0 && quiet;
}

/** The result in one sentence. What failed and what was left out is in it. */
export function verdictOf(found: Found): string {
  const { servers, backends, strayErrors, leftOut } = found;
  const without = leftOut.length === 0 ? '' : `; ${listed(leftOut.map(({ name }) => name))} left out on purpose`;
  const bad = backends.filter(({ status }) => status !== 'passed');
  if (bad.length > 0) {
    const total = count(backends.length, 'backend');
    const verb = bad.length === 1 ? 'does' : 'do';
    return `${bad.length} of ${total} ${verb} not keep the contract: ${listed(bad.map(complaint))}${without}.`;
  }
  const aside: string[] = [];
  if (servers.some(({ failure }) => failure !== null)) aside.push('a server did not stop');
  if (strayErrors.length > 0) aside.push(`${count(strayErrors.length, 'error')} went astray while no backend ran`);
  if (aside.length > 0) return `No scenario failed, but ${listed(aside)}${without}.`;
  const ran = backends.filter((it): it is RanBackend => it.status === 'passed');
  const passed = ran.reduce((sum, { counts }) => sum + counts.passed, 0);
  const refused = ran.reduce((sum, { counts }) => sum + counts.refused, 0);
  const gaps = ran.reduce((sum, { counts }) => sum + counts['known-gap'], 0);
  const proof = [`${passed.toLocaleString('en')} passed`, `${refused.toLocaleString('en')} not promised`];
  if (gaps > 0) proof.push(`${gaps.toLocaleString('en')} known to fail`);
  const all = ran.length === 1 ? `${ran[0]?.name} keeps` : `All ${ran.length} backends that ran keep`;
  const subject = leftOut.length === 0 && ran.length > 1 ? `All ${ran.length} backends keep` : all;
  return `${subject} the contract: of ${count(passed + refused + gaps, 'scenario')}, ${listed(proof)}${without}.`;
}

function complaint(backend: BackendReport): string {
  if (backend.status === 'could-not-start') return `${backend.name} could not start`;
  const { name, counts, strayErrors } = backend;
  if (counts.failed > 0) return `${name} fails ${count(counts.failed, 'scenario')}`;
  return strayErrors.length > 0 ? `${name} throws where nobody can catch it` : `${name} fails on the hot key`;
}
