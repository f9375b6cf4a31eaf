import type { Expression } from 'oxc-parser';
import { bare } from './bare.ts';
import type { Modules } from './modules.ts';

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '>>>': (a, b) => a >>> b,
  '|': (a, b) => a | b,
  '&': (a, b) => a & b,
};

/** The number that an expression of a file is; `NaN` for one that cannot be known here, `undefined` for anything else. */
export function numberOf(expression: Expression, file: string, modules: Modules): number | undefined {
  const evaluate = (of: Expression): number | undefined => numberOf(of, file, modules);
  const node = bare(expression);
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'number' ? node.value : undefined;
    case 'UnaryExpression': {
      const value = evaluate(node.argument);
      return value === undefined || (node.operator !== '-' && node.operator !== '+')
        ? undefined
        : Number(`${node.operator}1`) * value;
    }
    case 'BinaryExpression': {
      const operator = OPERATORS[node.operator];
      if (operator === undefined || node.left.type === 'PrivateIdentifier') return undefined;
      const [left, right] = [evaluate(node.left), evaluate(node.right)];
      if (left !== undefined && right !== undefined) return operator(left, right);
      // `+` joins strings as well.
      return node.operator === '+' && left === undefined && right === undefined ? undefined : NaN;
    }
    case 'Identifier': {
      if (node.name === 'Infinity') return Infinity;
      const found = modules.find(file, node.name);
      return found && numberOf(found.value, found.file, modules);
    }
    case 'MemberExpression': {
      const found = valueOfMember(node, file, modules);
      return typeof found === 'object' ? numberOf(found.value, found.file, modules) : found;
    }
    case 'ConditionalExpression':
      return known(evaluate(node.consequent), evaluate(node.alternate));
    case 'LogicalExpression':
      return known(evaluate(node.left), evaluate(node.right));
    case 'CallExpression': {
      const isMath = node.callee.type === 'MemberExpression' && isNamed(node.callee.object, 'Math');
      return isMath || isNamed(node.callee, 'Number') ? NaN : undefined;
    }
    default:
      return undefined;
  }
}

interface Place {
  readonly value: Expression;
  readonly file: string;
}

function valueOfMember(expression: Expression, file: string, modules: Modules): Place | number | undefined {
  const node = bare(expression);
  if (node.type === 'Identifier') return modules.find(file, node.name);
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const { name } = node.property;
  if (isNamed(node.object, 'Number')) {
    const value: unknown = (Number as unknown as Record<string, unknown>)[name];
    return typeof value === 'number' ? value : undefined;
  }
  const owner = valueOfMember(node.object, file, modules);
  if (typeof owner !== 'object') return undefined;
  const object = bare(owner.value);
  if (object.type !== 'ObjectExpression') return undefined;
  for (const property of object.properties) {
    if (property.type === 'Property' && keyOf(property.key) === name)
      return { value: property.value, file: owner.file };
  }
  return undefined;
}

/** What one of two expressions is, as soon as one is a number: which one, is not known here. */
function known(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined && other === undefined ? undefined : NaN;
}

function isNamed(node: Expression, name: string): boolean {
  return node.type === 'Identifier' && node.name === name;
}

/** The key of a property, where it says what it is. */
export function keyOf(key: {
  readonly type: string;
  readonly name?: unknown;
  readonly value?: unknown;
}): string | undefined {
  if (key.type === 'Identifier') return String(key.name);
  return key.type === 'Literal' ? String(key.value) : undefined;
}
