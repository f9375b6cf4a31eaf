/** The contract matrix: the contract suite and a hot key on every backend, as a table, as JSON and as a page. */
import { join, resolve } from 'node:path';
import { BACKENDS } from './backends/index.ts';
import { selectBackends } from './backends/selection.ts';
import { chooseBackends } from './report/choose-backends.ts';
import { parseArguments, USAGE } from './report/parse-arguments.ts';
import { probeFolder } from './report/probe-folder.ts';
import { progressOn } from './report/progress.ts';
import { runMatrix } from './report/run-matrix.ts';
import { textTable } from './report/text-table.ts';
import { visibleText } from './report/visible-text.ts';
import { writeReport } from './report/write-report.ts';

/** `undefined`, and its user told, when the arguments or the environment are wrong. */
function readArguments() {
  try {
    const given = parseArguments(process.argv.slice(2));
    return { ...given, ...chooseBackends(BACKENDS, given, selectBackends().leftOut) };
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    return undefined;
  }
}

async function main(): Promise<number> {
  const given = readArguments();
  if (given === undefined) return 2;
  if (given.help) {
    console.log(USAGE);
    return 0;
  }
  const { backends, leftOut, effort } = given;
  const folder = given.output === undefined ? join(import.meta.dirname, 'output') : resolve(given.output);
  if (!(await succeeds(probeFolder(folder), `${folder} cannot be written to, where the report should go`))) return 2;
  const report = await runMatrix({ backends, leftOut, effort, progress: progressOn(process.stdout) });
  console.log(`\n${textTable(report)}\n\n${visibleText(report.verdict)}\n`);
  const writing = writeReport(folder, report).then((written) => console.log(written.join('\n')));
  const written = await succeeds(writing, `the report could not be written to ${folder}`);
  return written && report.ok ? 0 : 1;
}

/** Waits for some work. When it fails, the user is told what that means, and why. */
async function succeeds(work: Promise<void>, otherwise: string): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    console.error(`${otherwise}: ${(error as Error).message}`);
    return false;
  }
}

// What hangs is left behind by the suite and may keep the process alive, so it is ended.
process.exit(await main());
