import { readFile, writeFile } from 'node:fs/promises';

const BEGIN = '<!-- figures: npm run test:faults -- --page -->';
const END = '<!-- /figures -->';

/** Puts a table between the two marks of a page. A page without marks is an error. */
export async function writeFigures(page: string, table: string): Promise<void> {
  await writeFile(page, withFigures(await readFile(page, 'utf8'), table));
}

/** The text with another table between its marks. */
export function withFigures(text: string, table: string): string {
  const [begin, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`The page has no place for figures, between ${BEGIN} and ${END}.`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`;
}
