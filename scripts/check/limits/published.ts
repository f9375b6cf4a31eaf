import { Visitor } from 'oxc-parser';
import type { Modules } from './modules.ts';

/** A bound of which it is published when it is nearly used up. */
export interface PublishedBound {
  readonly file: string;
  readonly line: number;
  /** As the message has it. */
  readonly name: string;
}

/** Which argument of what names a bound, and what is appended to it. */
const NAMED: ReadonlyMap<string, { readonly index: number; readonly suffixes: readonly string[] }> = new Map([
  ['SaturationWatch', { index: 0, suffixes: [''] }],
  ['Lane', { index: 1, suffixes: [''] }],
  ['Permits', { index: 0, suffixes: ['.limit', '.queue'] }],
]);

/** The bounds that a file has published, by the names it gives them. */
export function publishedBounds(file: string, modules: Modules): PublishedBound[] {
  const parsed = modules.parse(file);
  const found: PublishedBound[] = [];
  new Visitor({
    NewExpression: ({ callee, arguments: given, start }) => {
      const named = callee.type === 'Identifier' ? NAMED.get(callee.name) : undefined;
      const argument = named && given[named.index];
      if (argument?.type !== 'Literal' || typeof argument.value !== 'string') return;
      for (const suffix of named?.suffixes ?? []) {
        found.push({ file, line: parsed.lineAt(start), name: argument.value + suffix });
      }
    },
  }).visit(parsed.syntax.program);
  return found;
}
