import { Visitor } from 'oxc-parser';
import type { ParsedFile } from './parse.ts';

/** One place where a file names another module. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Everything a file imports or re-exports: values, types, `import()` and `import('…').Type`. */
export function importsOf(file: ParsedFile): Import[] {
  const { text, syntax } = file;
  const found: Import[] = [];
  const add = (specifier: string, position: number) => found.push({ specifier, line: file.lineAt(position) });

  for (const it of syntax.module.staticImports) add(it.moduleRequest.value, it.start);
  for (const { entries } of syntax.module.staticExports) {
    for (const { moduleRequest } of entries) if (moduleRequest) add(moduleRequest.value, moduleRequest.start);
  }
  for (const { moduleRequest } of syntax.module.dynamicImports) {
    const literal = /^(['"`])(?<specifier>[^'"`$]*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    const specifier = literal?.groups?.['specifier'];
    if (specifier !== undefined) add(specifier, moduleRequest.start);
  }
  new Visitor({
    TSImportType: ({ source, start }) => void add(source.value, start),
  }).visit(syntax.program);
  return found;
}
