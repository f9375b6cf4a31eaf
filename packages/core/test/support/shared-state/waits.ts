import { childAt, childrenAt, dotted, placeOf, rootOf, unwrap, walk, type Module, type Node } from './syntax.ts';

const WAITING_WORDS = [
  'lock',
  'locks',
  'locked',
  'unlock',
  'mutex',
  'mutexes',
  'semaphore',
  'queue',
  'queued',
  'queues',
  'chain',
  'chains',
  'chained',
  'turnstile',
  'serialize',
  'serialized',
  'critical',
];

/** Every wait for something that another call may have left behind, and every name that speaks of such. */
export function waitsForOthers(module: Module): string[] {
  const problems: string[] = [];
  for (const { node } of walk(module.program)) {
    const name = nameOf(node);
    const word = wordsOf(name ?? '').find((it) => WAITING_WORDS.includes(it));
    if (word !== undefined) problems.push(`${placeOf(module, node)}: the name ${name ?? ''} speaks of a ${word}`);
    for (const awaited of awaitedBy(node)) {
      if (!isOwn(awaited, module))
        problems.push(`${placeOf(module, node)}: waits for something that was there before the call`);
    }
  }
  return problems;
}

/** The expressions whose promises a node waits for. */
function awaitedBy(node: Node): Node[] {
  if (node.type === 'AwaitExpression') return [childAt(node, 'argument') as Node];
  if (node.type === 'ForOfStatement' && node['await'] === true) return [childAt(node, 'right') as Node];
  if (node.type !== 'CallExpression') return [];
  const callee = unwrap(childAt(node, 'callee') as Node);
  const combined = /^Promise\.(all|allSettled|any|race)$/.test(dotted(callee) ?? '');
  if (combined)
    return childrenAt(node, 'arguments').flatMap((it) =>
      it.type === 'ArrayExpression' ? childrenAt(it, 'elements') : [it],
    );
  const method = callee.type === 'MemberExpression' ? (childAt(callee, 'property') as Node)['name'] : undefined;
  return ['then', 'catch', 'finally'].includes(String(method)) ? [childAt(callee, 'object') as Node] : [];
}

/** Whether what is awaited was begun here, or is a variable or a field of the call. */
function isOwn(awaited: Node, module: Module): boolean {
  const node = unwrap(awaited);
  switch (node.type) {
    case 'Identifier':
      return !module.topLevel.has(node['name'] as string);
    case 'MemberExpression':
      return rootOf(node).type === 'ThisExpression';
    case 'CallExpression': {
      // A call begins something, whatever it is called on, unless that is a value of the module.
      const callee = unwrap(childAt(node, 'callee') as Node);
      const root = rootOf(callee);
      return (
        callee.type !== 'MemberExpression' ||
        root.type !== 'Identifier' ||
        isConstructor(root) ||
        !module.topLevel.has(root['name'] as string)
      );
    }
    case 'NewExpression':
    case 'AwaitExpression':
    case 'ArrowFunctionExpression':
      return true;
    case 'ConditionalExpression':
      return isOwn(childAt(node, 'consequent') as Node, module) && isOwn(childAt(node, 'alternate') as Node, module);
    case 'LogicalExpression':
      return isOwn(childAt(node, 'left') as Node, module) && isOwn(childAt(node, 'right') as Node, module);
    default:
      return false;
  }
}

function isConstructor(root: Node): boolean {
  return /^[A-Z]/.test(root['name'] as string);
}

function nameOf(node: Node): string | undefined {
  return node.type === 'Identifier' || node.type === 'PrivateIdentifier' ? (node['name'] as string) : undefined;
}

/** `writeLock2` is `write`, `lock`. */
function wordsOf(name: string): string[] {
  return name.split(/(?=[A-Z])|[^A-Za-z]+/).map((it) => it.toLowerCase());
}
