import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { Directive, ModuleExportName, Statement } from 'oxc-parser';
import { parse, type ParsedFile } from '../lib/parse.ts';
import { entrySources, publishedPackages } from '../lib/workspace.ts';
import { root } from '../toolchain/root.mjs';
import { declarationsOf, isDocumented } from './docs/declarations.ts';
import { linkProblems } from './exports/tarball-problems.ts';

/**
 * Every name that a user can import from a published package has a doc comment where it is declared, and what its README
 * links to is there on npm.
 */
export function checkDocs(workspace: string = root): string[] {
  const packages = publishedPackages(workspace);
  const entries = packages.flatMap(entrySources);
  const readmes = packages.map(({ folder }) => `${folder}/README.md`).filter((it) => existsSync(join(workspace, it)));
  return [
    ...new Set(entries.flatMap((entry) => entryProblems(entry, workspace))),
    ...readmes.flatMap((readme) => linkProblems(workspace, readme)),
  ];
}

function entryProblems(entry: string, workspace: string): string[] {
  const file = parse(workspace, entry);
  return file.syntax.program.body.flatMap((statement) => {
    if (statement.type === 'ExportAllDeclaration') {
      return [`${at(file, statement)}: an entry names what it exports; \`export *\` hides it`];
    }
    return exportedNames(statement).flatMap((name) => nameProblems(name, file, workspace));
  });
}

/** Follows one exported name to its declaration, through as many re-exports as it takes. */
function nameProblems(name: string, file: ParsedFile, workspace: string): string[] {
  for (const statement of file.syntax.program.body) {
    const origin = originOf(name, statement);
    if (origin === undefined) continue;
    // What comes from another package is documented there.
    if (origin.source !== undefined && !origin.source.startsWith('.')) return [];
    if (origin.source !== undefined) {
      const next = posix.join(posix.dirname(file.file), origin.source);
      return nameProblems(origin.name, parse(workspace, next), workspace);
    }
    if (origin.name !== name) return nameProblems(origin.name, file, workspace);
  }

  const declarations = file.syntax.program.body.filter((it) => declarationsOf(it).includes(name));
  const [first] = declarations;
  if (first === undefined) return [`${file.file}: ${name} is exported, but its declaration was not found`];
  // Overloads, and a type that shares the name of a value, are documented once.
  if (declarations.some((it) => isDocumented(it, file))) return [];
  return [`${at(file, first)}: ${name} has no doc comment`];
}

/** Where a statement gets a name from, if it only passes it on: another module, or another name of this one. */
function originOf(name: string, statement: Directive | Statement): { source?: string; name: string } | undefined {
  if (statement.type === 'ExportNamedDeclaration') {
    const found = statement.specifiers.find((it) => textOf(it.exported) === name);
    if (found === undefined) return undefined;
    const local = textOf(found.local);
    return statement.source ? { source: statement.source.value, name: local } : { name: local };
  }
  if (statement.type === 'ImportDeclaration') {
    for (const it of statement.specifiers) {
      if (it.local.name === name && it.type === 'ImportSpecifier') {
        return { source: statement.source.value, name: textOf(it.imported) };
      }
    }
  }
  return undefined;
}

function exportedNames(statement: Directive | Statement): string[] {
  if (statement.type === 'ExportDefaultDeclaration') return ['default'];
  if (statement.type !== 'ExportNamedDeclaration') return [];
  return [...statement.specifiers.map((it) => textOf(it.exported)), ...declarationsOf(statement)];
}

function textOf(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name;
}

function at(file: ParsedFile, statement: Directive | Statement): string {
  return `${file.file}:${file.lineAt(statement.start)}`;
}
