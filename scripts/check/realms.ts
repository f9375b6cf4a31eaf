import { Visitor, type BinaryExpression } from 'oxc-parser';
import { parse, type ParsedFile } from '../lib/parse.ts';
import { filesBelow, isTest } from '../lib/source-files.ts';
import { publishedPackages } from '../lib/workspace.ts';
import { declarationsOf } from './docs/declarations.ts';
import { root } from '../toolchain/root.mjs';

/**
 * No published source asks with `instanceof` for a class that is not the project's own. Test runners load modules into
 * realms of their own, and what Node and native drivers make there is of another: it would be denied.
 */
export function checkRealms(workspace: string = root): string[] {
  return publishedPackages(workspace)
    .flatMap(({ folder }) => filesBelow(workspace, `${folder}/src`, '.ts'))
    .filter((file) => !isTest(file))
    .flatMap((file) => realmProblems(parse(workspace, file)));
}

function realmProblems(file: ParsedFile): string[] {
  const own = ownNames(file);
  const problems: string[] = [];
  const report = ({ operator, left, right, start }: BinaryExpression): void => {
    if (operator !== 'instanceof' || (right.type === 'Identifier' && own.has(right.name))) return;
    const asked = file.text.slice(left.start, right.end);
    problems.push(
      `${file.file}:${file.lineAt(start)}: \`${asked}\` denies what is of another realm; ask as packages/core/src/realms does`,
    );
  };
  new Visitor({ BinaryExpression: report }).visit(file.syntax.program);
  return problems;
}

/** The classes of the project that a file knows: those it declares, and those it imports from a file of ours. */
function ownNames({ syntax }: ParsedFile): ReadonlySet<string> {
  return new Set(
    syntax.program.body.flatMap((statement) => {
      if (statement.type !== 'ImportDeclaration') return declarationsOf(statement);
      const ours = /^(\.|@holdfast\/)/.test(statement.source.value);
      return ours ? statement.specifiers.map((it) => it.local.name) : [];
    }),
  );
}
