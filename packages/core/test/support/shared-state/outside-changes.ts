import {
  childAt,
  childrenAt,
  dotted,
  placeOf,
  rootOf,
  unwrap,
  walk,
  type Module,
  type Node,
  type Placed,
} from './syntax.ts';

/** Methods that change what they are called on. */
const CHANGERS = [
  'set',
  'add',
  'delete',
  'clear',
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
];
/** Functions that change their first argument. */
const CHANGER_FUNCTIONS = [
  'Object.assign',
  'Object.defineProperty',
  'Object.defineProperties',
  'Object.setPrototypeOf',
  'Reflect.set',
  'Reflect.defineProperty',
  'Reflect.deleteProperty',
];
/** What every module of the process, or every process, shares. */
const SHARED_GLOBALS = [
  'globalThis',
  'process',
  'navigator',
  'self',
  'window',
  'Atomics',
  'SharedArrayBuffer',
  'BroadcastChannel',
  'MessageChannel',
  'require',
];

/** Expressions that give a value nobody else has. */
const MADE_HERE = /^(Array|Object|New|Call|Await)Expression$/;

/** Every place where something that was there before the call is changed, or something is kept for the next one. */
export function outsideChanges(module: Module): string[] {
  const problems: string[] = [];
  for (const placed of walk(module.program)) {
    const { node } = placed;
    for (const change of changedBy(node)) {
      const problem = problemOf(change, placed, module);
      if (problem !== undefined) problems.push(`${placeOf(module, node)}: ${problem}`);
    }
    if (isGlobal(placed)) problems.push(`${placeOf(module, node)}: ${String(node['name'])} is shared by everything`);
    if (node.type === 'ImportExpression') problems.push(`${placeOf(module, node)}: an import that cannot be followed`);
  }
  return problems;
}

/** Something that is changed: a variable gets another value, or a value itself is changed. */
interface Change {
  readonly target: Node;
  readonly inPlace: boolean;
}

/** What a node assigns to, deletes or changes in place. */
function changedBy(node: Node): Change[] {
  switch (node.type) {
    case 'AssignmentExpression':
      return targetsIn(childAt(node, 'left') as Node).map(assigned);
    case 'UpdateExpression':
      return [assigned(childAt(node, 'argument') as Node)];
    case 'UnaryExpression':
      return node['operator'] === 'delete' ? [assigned(childAt(node, 'argument') as Node)] : [];
    case 'CallExpression': {
      const callee = unwrap(childAt(node, 'callee') as Node);
      const isChanger = CHANGER_FUNCTIONS.includes(dotted(callee) ?? '');
      if (isChanger)
        return childrenAt(node, 'arguments')
          .slice(0, 1)
          .map((target) => ({ target, inPlace: true }));
      const method = callee.type === 'MemberExpression' ? (childAt(callee, 'property') as Node)['name'] : undefined;
      return CHANGERS.includes(String(method)) ? [{ target: childAt(callee, 'object') as Node, inPlace: true }] : [];
    }
    default:
      return [];
  }
}

function assigned(target: Node): Change {
  return { target, inPlace: unwrap(target).type !== 'Identifier' };
}

/** The targets of an assignment, also of one that takes an object or a list apart. */
function targetsIn(left: Node): Node[] {
  const inner = unwrap(left);
  if (inner.type === 'Identifier' || inner.type === 'MemberExpression') return [inner];
  return [...walk(inner)].flatMap(({ node }) => (['Identifier', 'MemberExpression'].includes(node.type) ? [node] : []));
}

function problemOf({ target, inPlace }: Change, { ancestors }: Placed, module: Module): string | undefined {
  const root = rootOf(target);
  if (root.type === 'ThisExpression') {
    return isInStatic(ancestors) ? 'a class changes itself, which every call shares' : undefined;
  }
  if (root.type === 'Identifier') {
    const name = root['name'] as string;
    if (isVariableOf(ancestors, name, inPlace)) return undefined;
    if (module.topLevel.has(name)) return `${name} is changed, which every call shares`;
    if (!inPlace) return undefined;
  }
  return 'something is changed that the call was given or found';
}

/** Whether a name is a variable of one of the functions around; for a change in place, one that made its value. */
function isVariableOf(ancestors: readonly Node[], name: string, inPlace: boolean): boolean {
  const functions = ancestors.filter(({ type }) => /Function/.test(type));
  return functions.some((around) =>
    [...walk(around)].some(({ node }) => {
      if (node.type !== 'VariableDeclarator' || (childAt(node, 'id') as Node)['name'] !== name) return false;
      const value = childAt(node, 'init');
      return !inPlace || value === undefined || MADE_HERE.test(unwrap(value).type);
    }),
  );
}

/** Whether `this` is a class here. Only what was written before any instance: `this.prototype` is looked up once. */
function isInStatic(ancestors: readonly Node[]): boolean {
  const around = ancestors.findLast((it) =>
    ['MethodDefinition', 'StaticBlock', 'PropertyDefinition'].includes(it.type),
  );
  // A static block runs once, when the module is loaded, and so knows no call.
  return around?.['static'] === true;
}

function isGlobal({ node, ancestors }: Placed): boolean {
  if (node.type !== 'Identifier' || !SHARED_GLOBALS.includes(node['name'] as string)) return false;
  const parent = ancestors.at(-1);
  const isName = parent?.type === 'MemberExpression' && parent['computed'] === false && parent['property'] === node;
  return !isName && !(parent?.type === 'Property' && parent['key'] === node);
}
