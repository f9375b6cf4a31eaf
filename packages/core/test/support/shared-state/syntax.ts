import { parseSync } from 'oxc-parser';

/** A node of the syntax tree, seen without its type: the checks ask for shapes and not for a grammar. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** One source file. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** One source file with its syntax tree. */
export interface Module extends Source {
  readonly program: Node;
  /** The names that are declared or imported at its top level, and so live as long as the process. */
  readonly topLevel: ReadonlySet<string>;
}

/** Parses a file. @throws Error when it is not TypeScript */
export function parseModule({ file, text }: Source): Module {
  const { program, errors } = parseSync(file, text);
  if (errors[0] !== undefined) throw new Error(`${file}: ${errors[0].message}`);
  const root = program as unknown as Node;
  return { file, text, program: root, topLevel: new Set(statementsOf(root).flatMap(namesOf)) };
}

/** The statements at the top level, with what `export` exports in the place of the export. */
export function statementsOf(program: Node): Node[] {
  return childrenAt(program, 'body').map((it) => childAt(it, 'declaration') ?? it);
}

/** The node with its ancestors, from the root down to its parent. */
export interface Placed {
  readonly node: Node;
  readonly ancestors: readonly Node[];
}

/** Every node that exists at run time, types left out. */
export function* walk(node: Node, ancestors: readonly Node[] = []): Generator<Placed> {
  yield { node, ancestors };
  const path = [...ancestors, node];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child) && !isType(child)) yield* walk(child, path);
    }
  }
}

/** The child at a key, if it is one node. */
export function childAt(node: Node, key: string): Node | undefined {
  const child = node[key];
  return isNode(child) ? child : undefined;
}

/** The children at a key, if it is a list of nodes. */
export function childrenAt(node: Node, key: string): Node[] {
  const children = node[key];
  return Array.isArray(children) ? children.filter(isNode) : [];
}

/** The expression within assertions of types, brackets and optional chains, none of which do anything. */
export function unwrap(node: Node): Node {
  const transparent = [
    'TSAsExpression',
    'TSSatisfiesExpression',
    'TSNonNullExpression',
    'ParenthesizedExpression',
    'ChainExpression',
  ];
  const inner = transparent.includes(node.type) ? childAt(node, 'expression') : undefined;
  return inner === undefined ? node : unwrap(inner);
}

/** What a member expression begins with: `a` for `a.b[c].d`, `this` for `this.#a.b`. */
export function rootOf(node: Node): Node {
  const inner = unwrap(node);
  const object = inner.type === 'MemberExpression' ? childAt(inner, 'object') : undefined;
  return object === undefined ? inner : rootOf(object);
}

/** `a.b` for the member expression `a.b`, and `undefined` for anything longer or computed. */
export function dotted(node: Node): string | undefined {
  const inner = unwrap(node);
  if (inner.type === 'Identifier') return inner['name'] as string;
  if (inner.type !== 'MemberExpression' || inner['computed'] === true) return undefined;
  const object = dotted(childAt(inner, 'object') as Node);
  return object === undefined ? undefined : `${object}.${String((childAt(inner, 'property') as Node)['name'])}`;
}

/** Where a node is: `cas/cas-update.ts:12`. */
export function placeOf({ file, text }: Source, node: Node): string {
  return `${file}:${text.slice(0, node.start).split('\n').length}`;
}

/** The names that a statement declares. */
function namesOf(statement: Node): string[] {
  if (statement.type === 'ImportDeclaration') {
    return childrenAt(statement, 'specifiers').flatMap((it) => patternNames(childAt(it, 'local')));
  }
  const declared = childrenAt(statement, 'declarations').flatMap((it) => patternNames(childAt(it, 'id')));
  return [...declared, ...patternNames(childAt(statement, 'id'))];
}

function patternNames(pattern: Node | undefined): string[] {
  if (pattern === undefined) return [];
  return [...walk(pattern)].flatMap(({ node }) => (node.type === 'Identifier' ? [node['name'] as string] : []));
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Node>).type === 'string';
}

function isType(node: Node): boolean {
  const runs = [
    'TSAsExpression',
    'TSSatisfiesExpression',
    'TSNonNullExpression',
    'TSParameterProperty',
    'TSEnumDeclaration',
  ];
  if (node['importKind'] === 'type' || node['exportKind'] === 'type') return true;
  return node.type.startsWith('TS') && !runs.includes(node.type);
}
