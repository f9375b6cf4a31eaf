import { childAt, childrenAt, dotted, placeOf, statementsOf, unwrap, walk, type Module, type Node } from './syntax.ts';

/** Calls whose result nobody can store anything in, or that only look at what they are given. */
const HARMLESS_CALLS = [
  'Symbol.for',
  'Object.freeze',
  'Object.keys',
  'Object.getOwnPropertyDescriptor',
  'Object.getPrototypeOf',
];

/**
 * What lives longer than one call and could hold something from one call for the next: variables that can be
 * assigned, and values of any make that is not known to be harmless.
 */
export function longLivedState(module: Module): string[] {
  const problems: string[] = [];
  const report = (node: Node, what: string): void => void problems.push(`${placeOf(module, node)}: ${what}`);

  for (const statement of statementsOf(module.program)) {
    if (statement.type === 'VariableDeclaration') {
      if (statement['kind'] !== 'const') report(statement, 'a variable that every call shares');
      for (const declarator of childrenAt(statement, 'declarations')) {
        const value = childAt(declarator, 'init');
        if (value !== undefined && !isHarmless(value)) report(declarator, 'a value that every call shares');
      }
    } else if (statement.type.endsWith('Statement') && statement.type !== 'EmptyStatement') {
      report(statement, 'something that runs when the module is loaded');
    }
  }

  for (const { node } of walk(module.program)) {
    if (node.type !== 'PropertyDefinition' || node['static'] !== true) continue;
    const value = childAt(node, 'value');
    if (value === undefined || !isHarmless(value)) report(node, 'a static field, which every call shares');
  }
  return problems;
}

/** Whether a value can be shared: a primitive, a function, a class, or a literal of such. */
function isHarmless(value: Node): boolean {
  const node = unwrap(value);
  const all = (key: string): boolean => childrenAt(node, key).every(isHarmless);
  switch (node.type) {
    case 'Literal':
      // A sticky or global expression remembers where it was.
      return !/[gy]/.test((node['regex'] as { flags?: string } | undefined)?.flags ?? '');
    case 'Identifier':
    case 'MemberExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionExpression':
    case 'ClassExpression':
      return true;
    case 'TemplateLiteral':
      return all('expressions');
    case 'UnaryExpression':
    case 'SpreadElement':
      return isHarmless(childAt(node, 'argument') as Node);
    case 'BinaryExpression':
    case 'LogicalExpression':
      return isHarmless(childAt(node, 'left') as Node) && isHarmless(childAt(node, 'right') as Node);
    case 'ArrayExpression':
      return all('elements');
    case 'ObjectExpression':
      return all('properties');
    case 'Property':
      return isHarmless(childAt(node, 'value') as Node);
    case 'CallExpression':
      return HARMLESS_CALLS.includes(dotted(childAt(node, 'callee') as Node) ?? '') && all('arguments');
    case 'NewExpression':
      return isConstantSet(node);
    default:
      return false;
  }
}

/** `new Set(['a', 'b'])`, which is a list to look something up in. That nothing is added is checked elsewhere. */
function isConstantSet(node: Node): boolean {
  const [list, ...more] = childrenAt(node, 'arguments');
  if (dotted(childAt(node, 'callee') as Node) !== 'Set' || list?.type !== 'ArrayExpression' || more.length > 0)
    return false;
  const elements = childrenAt(list, 'elements');
  return elements.length > 0 && elements.every((it) => it.type === 'Literal');
}
