import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reportPage } from './html/report-page.ts';
import type { MatrixReport } from './matrix-report.ts';

/** Writes `matrix.json` and `matrix.html` into a folder, which is made if need be, and gives their paths. */
export async function writeReport(folder: string, report: MatrixReport): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const files = { 'matrix.json': `${JSON.stringify(report, undefined, 2)}\n`, 'matrix.html': reportPage(report) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return Object.keys(files).map((name) => join(folder, name));
}
