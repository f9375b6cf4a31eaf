import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Class, Directive, Expression, ModuleExportName, Statement } from 'oxc-parser';
import { parse, type ParsedFile } from '../../lib/parse.ts';
import { entrySources, publishedPackages } from '../../lib/workspace.ts';

/** A value that a file gives a name at its top, or as a constant of a class there. */
export interface NamedValue {
  /** `MAX_PAGE_SIZE`, or `Permits.#limit` in a class. */
  readonly name: string;
  readonly value: Expression;
  /** Whether its type says `number`. */
  readonly isNumber: boolean;
  /** Where it begins. */
  readonly start: number;
}

/** The source files of a workspace, and what the names in them stand for. */
export class Modules {
  readonly #workspace: string;
  readonly #entries: ReadonlyMap<string, string>;
  readonly #parsed = new Map<string, ParsedFile>();

  constructor(workspace: string) {
    this.#workspace = workspace;
    this.#entries = new Map(
      publishedPackages(workspace).flatMap((it) =>
        entrySources(it).map((source) => [specifierOf(it.manifest.name, posix.basename(source, '.ts')), source]),
      ),
    );
  }

  /** A file, parsed once. */
  parse(file: string): ParsedFile {
    const known = this.#parsed.get(file) ?? parse(this.#workspace, file);
    this.#parsed.set(file, known);
    return known;
  }

  /** The value behind a name of a file, and the file it is in, through as many imports as it takes. */
  find(file: string, name: string): { readonly file: string; readonly value: Expression } | undefined {
    for (const statement of this.parse(file).syntax.program.body) {
      const own = constantsOf(statement).find((it) => it.name === name);
      if (own !== undefined) return { file, value: own.value };
      const origin = originOf(name, statement);
      const next = origin && this.#fileOf(file, origin.source);
      if (origin !== undefined && next !== undefined) return this.find(next, origin.name);
    }
    return undefined;
  }

  #fileOf(from: string, source: string): string | undefined {
    if (!source.startsWith('.')) return this.#entries.get(source);
    const file = posix.join(posix.dirname(from), source);
    return existsSync(join(this.#workspace, file)) ? file : undefined;
  }
}

function specifierOf(packageName: string, entry: string): string {
  return entry === 'index' ? packageName : `${packageName}/${entry}`;
}

/** The constants that a statement at the top of a file declares. */
export function constantsOf(statement: Directive | Statement): NamedValue[] {
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  if (declared?.type === 'ClassDeclaration') return constantsOfClass(declared);
  if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const') return [];
  return declared.declarations.flatMap(({ id, init, start }) => {
    if (id.type !== 'Identifier' || init === null) return [];
    const isNumber = id.typeAnnotation?.typeAnnotation.type === 'TSNumberKeyword';
    return [{ name: id.name, value: init, isNumber, start }];
  });
}

function constantsOfClass({ id, body }: Class): NamedValue[] {
  return body.body.flatMap((it) => {
    if (it.type !== 'PropertyDefinition' || it.value === null || !(it.static || it.readonly)) return [];
    if (it.key.type !== 'Identifier' && it.key.type !== 'PrivateIdentifier') return [];
    const key = it.key.type === 'PrivateIdentifier' ? `#${it.key.name}` : it.key.name;
    const isNumber = it.typeAnnotation?.typeAnnotation.type === 'TSNumberKeyword';
    return [{ name: `${id?.name ?? ''}.${key}`, value: it.value, isNumber, start: it.start }];
  });
}

function originOf(name: string, statement: Directive | Statement): { source: string; name: string } | undefined {
  if (statement.type === 'ExportNamedDeclaration' && statement.source !== null) {
    const found = statement.specifiers.find((it) => textOf(it.exported) === name);
    return found && { source: statement.source.value, name: textOf(found.local) };
  }
  if (statement.type === 'ImportDeclaration') {
    for (const it of statement.specifiers) {
      if (it.type === 'ImportSpecifier' && it.local.name === name) {
        return { source: statement.source.value, name: textOf(it.imported) };
      }
    }
  }
  return undefined;
}

function textOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}
