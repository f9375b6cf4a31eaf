import { openSync, writeSync } from 'node:fs';
import type { JournalLine } from '../load/journal.ts';

/** Writes lines to a file. Each is with the system before the process goes on, so it is there however the process ends. */
export function journalFile(file: string): (line: JournalLine) => void {
  const descriptor = openSync(file, 'a');
  return (line) => void writeSync(descriptor, `${JSON.stringify(line)}\n`);
}

/** The lines of a file. What a killed process did not write to its end was not done yet. */
export function journalLines(text: string): JournalLine[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as JournalLine);
}
