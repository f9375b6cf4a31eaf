import type { Expression } from 'oxc-parser';
import { bare } from './bare.ts';
import { longestMatch } from './longest-match.ts';
import { constantsOf, type Modules } from './modules.ts';
import { keyOf, numberOf } from './number-of.ts';

/** A number that a source file gives a name. */
export interface NamedNumber {
  readonly file: string;
  readonly line: number;
  /** `MAX_PAGE_SIZE`; `CAS_DEFAULTS.timeoutMs` in an object; `SIZES[0]` in an array. */
  readonly name: string;
  /** `NaN` when it is made of what is not known before the program runs. */
  readonly value: number;
}

/**
 * The numbers in the constants at the top of a file, however deep in objects and arrays, and the longest match of each
 * regular expression that has one.
 */
export function numbersOf(file: string, modules: Modules): NamedNumber[] {
  const parsed = modules.parse(file);
  return parsed.syntax.program.body.flatMap(constantsOf).flatMap(({ name, value, isNumber, start }) => {
    const found = [...numbersIn(name, value, file, modules)];
    if (isNumber && found.length === 0) found.push([name, NaN]);
    return found.map(([path, number]) => ({ file, line: parsed.lineAt(start), name: path, value: number }));
  });
}

function* numbersIn(
  name: string,
  expression: Expression,
  file: string,
  modules: Modules,
): Generator<[name: string, value: number]> {
  const node = bare(expression);
  if (node.type === 'ObjectExpression') {
    for (const property of node.properties) {
      if (property.type === 'SpreadElement' || property.kind !== 'init') continue;
      yield* numbersIn(`${name}.${keyOf(property.key) ?? '?'}`, property.value, file, modules);
    }
    return;
  }
  if (node.type === 'ArrayExpression') {
    for (const [index, element] of node.elements.entries()) {
      if (element === null || element.type === 'SpreadElement') continue;
      yield* numbersIn(`${name}[${index}]`, element, file, modules);
    }
    return;
  }
  if (node.type === 'NewExpression' && node.callee.type === 'Identifier' && /^(Map|Set)$/.test(node.callee.name)) {
    const [first] = node.arguments;
    if (first !== undefined && first.type !== 'SpreadElement') yield* numbersIn(name, first, file, modules);
    return;
  }
  const value = isPattern(node) ? longestMatch(node.regex.pattern) : numberOf(node, file, modules);
  if (value !== undefined) yield [name, value];
}

function isPattern(node: Expression): node is Extract<Expression, { readonly regex: unknown }> {
  return node.type === 'Literal' && 'regex' in node;
}
