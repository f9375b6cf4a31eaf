import { Visitor, type Expression, type ObjectExpression } from 'oxc-parser';
import { bare } from './bare.ts';
import { constantsOf, type Modules } from './modules.ts';
import { keyOf } from './number-of.ts';
import { TRIALS, type Unnamed } from './unnamed.ts';

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
 * The numbers of a file without a name that the table of limits could list, but for those that are excused. Said as
 * problems. 0 and 1 are left alone: they stand for nothing and for one at a time, and are nobody's choice; so is 2
 * where it is not plainly a bound.
 */
export function namelessBounds(file: string, modules: Modules, unnamed: readonly Unnamed[]): string[] {
  const parsed = modules.parse(file);
  const found: { readonly what: string; readonly start: number }[] = [];
  const look = (node: Expression | undefined | null | { readonly type: 'SpreadElement' }, what: string): void => {
    if (node && node.type !== 'SpreadElement' && isNumber(node)) found.push({ what, start: node.start });
  };
  const text = ({ start, end }: Span): string => parsed.text.slice(start, end);
  const constants: readonly Span[] = parsed.syntax.program.body.flatMap(constantsOf).map(({ value }) => value);
  const functions: Span[] = [];
  const isTrial = TRIALS.some((folder) => file.startsWith(folder));
  const isNamed = (at: number): boolean => isIn(constants, at) && !isIn(functions, at);
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
    ArrowFunctionExpression: (node) => void functions.push(node),
    FunctionExpression: (node) => void functions.push(node),
    Literal: (node) => {
      if (isChoice(node) && !isNamed(node.start) && !isTrial) found.push({ what: text(node), start: node.start });
    },
  }).visit(parsed.syntax.program);
  const excused = unnamed.filter((it) => it.file === file).flatMap(({ numbers }) => numbers);
  const stale = excused.filter((number) => !found.some(({ what }) => what === number));
  const places = new Map<number, string>();
  for (const { what, start } of found) {
    const line = parsed.lineAt(start);
    // What a number is for says more than the number.
    if (!excused.includes(what) && !places.has(line)) places.set(line, what);
  }
  return [
    ...[...places].map(([line, what]) => `${file}:${line}: ${what} is a number without a name; ${ADVICE}`),
    ...stale.map((number) => `${file} has no ${number} without a name; take it off the list in ${LIST}`),
  ];
}

const LIST = 'scripts/check/limits/unnamed.ts';
const ADVICE = `make it a constant, or say in ${LIST} what it is instead`;

/** A part of a file. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function isIn(spans: readonly Span[], at: number): boolean {
  return spans.some(({ start, end }) => start <= at && at < end);
}

/** Whether a literal is a number that somebody chose, or a pattern that says how often something may be repeated. */
function isChoice({
  value,
  ...node
}: {
  readonly value: unknown;
  readonly regex?: { readonly pattern: string };
}): boolean {
  if (typeof value === 'number') return ![0, 1, 2].includes(value);
  return node.regex !== undefined && /\{\d+,\d+\}/.test(node.regex.pattern);
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
