import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync, type ParseResult } from 'oxc-parser';

/** A parsed source file that can tell the line of a position. */
export interface ParsedFile {
  /** As it was asked for, relative to the workspace. */
  readonly file: string;
  readonly text: string;
  readonly syntax: ParseResult;
  lineAt(position: number): number;
}

/** Parses one TypeScript file of the workspace. Throws if it is not TypeScript. */
export function parse(workspace: string, file: string): ParsedFile {
  const text = readFileSync(join(workspace, file), 'utf8');
  const syntax = parseSync(file, text);
  const [error] = syntax.errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  return { file, text, syntax, lineAt: (position) => text.slice(0, position).split('\n').length };
}
