import { Visitor, type Expression, type ObjectExpression } from 'oxc-parser';
import { bare } from './bare.ts';
import type { Modules } from './modules.ts';
import { keyOf } from './number-of.ts';

/** What waits for as long as an argument says, and which argument that is. */
const WAITS: ReadonlyMap<string, number> = new Map([
  ['setTimeout', 1],
  ['setInterval', 1],
  ['pause', 0],
  ['AbortSignal.timeout', 0],
]);

/** What lets as many pass, or wait, as its first argument says. */
const GATES: ReadonlySet<string> = new Set(['Lane', 'Turns']);

/**
 * The bounds of a file that are plain numbers, with no name that the table of limits could list. Said as problems.
 * 0 and 1 are left alone: they stand for nothing and for one at a time, and are nobody's choice.
 */
export function namelessBounds(file: string, modules: Modules): string[] {
  const parsed = modules.parse(file);
  const found: { readonly what: string; readonly start: number }[] = [];
  const look = (node: Expression | undefined | null | { readonly type: 'SpreadElement' }, what: string): void => {
    if (node && node.type !== 'SpreadElement' && isNumber(node)) found.push({ what, start: node.start });
  };
  new Visitor({
    ObjectExpression: (node) => {
      const bounds = boundsIn(node);
      for (const key of ['min', 'max', 'fallback']) look(bounds?.get(key), `\`${key}\``);
    },
    AssignmentPattern: ({ right }) => look(right, 'a default'),
    LogicalExpression: ({ operator, right }) => {
      if (operator !== '&&') look(right, 'a default');
    },
    CallExpression: ({ callee, arguments: given }) => {
      const index = WAITS.get(parsed.text.slice(callee.start, callee.end));
      if (index !== undefined) look(given[index], 'a wait');
    },
    NewExpression: ({ callee, arguments: [first] }) => {
      if (callee.type === 'Identifier' && GATES.has(callee.name)) look(first, `the capacity of a ${callee.name}`);
    },
  }).visit(parsed.syntax.program);
  return found.map(
    ({ what, start }) => `${file}:${parsed.lineAt(start)}: ${what} is a number without a name; make it a constant`,
  );
}

/** The properties of an object that says what an integer may be, as `checkInteger` takes it. */
function boundsIn(node: ObjectExpression): ReadonlyMap<string | undefined, Expression> | undefined {
  const properties = new Map(
    node.properties.flatMap((it) => (it.type === 'Property' ? [[keyOf(it.key), it.value] as const] : [])),
  );
  return ['min', 'max', 'fallback'].every((key) => properties.has(key)) ? properties : undefined;
}

/** Whether an expression is made of nothing but numbers. */
function isNumber(expression: Expression): boolean {
  const node = bare(expression);
  if (node.type === 'BinaryExpression') {
    return node.left.type !== 'PrivateIdentifier' && isNumber(node.left) && isNumber(node.right);
  }
  return node.type === 'Literal' && typeof node.value === 'number' && node.value !== 0 && node.value !== 1;
}
