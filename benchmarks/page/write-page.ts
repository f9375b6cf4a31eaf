import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chartsOf } from './charts.ts';
import { figuresInMarkdown, type Report } from './figures-in-markdown.ts';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');

/** Between these two lines of the page is what a run writes; the rest is written by people. */
const BEGIN = '<!-- Figures, by `npm run bench -- --page`. -->';
const END = '<!-- End of figures. -->';

/**
 * Writes the figures of a run into `performance.md`, and its pictures beside it. Answers the files that it wrote.
 *
 * @throws Error when the page does not say where they go
 */
export async function writePage(report: Report, docs: string = DOCS): Promise<readonly string[]> {
  const page = join(docs, 'performance.md');
  const before = await readFile(page, 'utf8');
  const [begin, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`performance.md does not say where figures go: ${BEGIN} … ${END}`);

  const charts = chartsOf(report.groups.flatMap(({ measured }) => measured));
  await mkdir(join(docs, 'performance'), { recursive: true });
  const files = charts.map(({ file, svg }) => ({ file: join(docs, 'performance', file), text: svg }));
  const figures = figuresInMarkdown(report, charts);
  files.push({ file: page, text: `${before.slice(0, begin + BEGIN.length)}\n\n${figures}\n\n${before.slice(end)}` });
  for (const { file, text } of files) await writeFile(file, text);
  return files.map(({ file }) => file);
}
