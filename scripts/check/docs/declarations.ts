import type { Declaration, Directive, Statement } from 'oxc-parser';
import type { ParsedFile } from '../../lib/parse.ts';

/** The names that a statement declares at the top of its file, exported or not. */
export function declarationsOf(statement: Directive | Statement): string[] {
  if (statement.type === 'ExportDefaultDeclaration') return ['default'];
  const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
  return declared === null ? [] : namesOf(declared);
}

function namesOf(declared: Declaration | Directive | Statement): string[] {
  switch (declared.type) {
    case 'VariableDeclaration':
      return declared.declarations.flatMap(({ id }) => (id.type === 'Identifier' ? [id.name] : []));
    case 'FunctionDeclaration':
    case 'TSDeclareFunction':
    case 'ClassDeclaration':
    case 'TSInterfaceDeclaration':
    case 'TSTypeAliasDeclaration':
    case 'TSEnumDeclaration':
      return declared.id === null ? [] : [declared.id.name];
    default:
      return [];
  }
}

/** Whether a doc comment that says something stands right before a statement. */
export function isDocumented(statement: Directive | Statement, { text, syntax }: ParsedFile): boolean {
  return syntax.comments.some(
    (it) =>
      it.type === 'Block' &&
      it.value.startsWith('*') &&
      /[a-z]/i.test(it.value) &&
      it.end <= statement.start &&
      text.slice(it.end, statement.start).trim() === '',
  );
}
