import { inspect } from 'node:util';
import { expect } from 'vitest';
import { isHoldfastError } from '../../src/errors/holdfast-error.ts';
import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';
import { bytes, textOf } from './bytes.ts';
import { byBytes, children, entriesBelow, locate, Refused, type Model } from './wrapper-model.ts';

/** One operation. */
export interface Step {
  readonly operation: 'get' | 'put' | 'create' | 'delete' | 'list' | 'entries';
  readonly path: string;
  readonly after: { readonly name: string; readonly path: string } | undefined;
  readonly limit: number;
  readonly text: string;
}

/** What an operation came to: an answer, or a refusal by its code. */
type Result = { readonly answer: unknown } | { readonly code: string };

/** Runs one operation, checks it against the model, and gives what the caller saw, errors included. */
export async function compareStep(filesystem: RootFilesystem, model: Model, step: Step): Promise<unknown[]> {
  if (step.operation === 'entries') return compareEntries(filesystem, model, step);
  const expected = expectedOf(() => answerOf(model, step));
  const seen: unknown[] = [];
  const actual = await run(filesystem, step, seen).then(
    (answer): Result => ({ answer }),
    (error: unknown): Result => {
      seen.push(error);
      return { code: codeOf(error, step) };
    },
  );
  expect(actual, `${step.operation} ${step.path}`).toEqual(expected);
  return seen;
}

function expectedOf(answer: () => unknown): Result {
  try {
    return { answer: answer() };
  } catch (thrown) {
    if (thrown instanceof Refused) return { code: thrown.code };
    throw thrown;
  }
}

function codeOf(error: unknown, { operation, path }: Step): string {
  if (!isHoldfastError(error)) throw new Error('expected a HoldfastError', { cause: error });
  expect(error.operation).toBe(operation === 'create' ? 'put' : operation);
  // An iteration names the directory in which it could not go on.
  if (operation === 'entries' && error.path !== path) expect(error.path).toSatisfy(isBelow(path));
  else expect(error.path).toBe(path);
  const mutates = operation === 'put' || operation === 'create' || operation === 'delete';
  expect(error.outcome).toBe(mutates ? 'not-applied' : undefined);
  return error.code;
}

const isBelow =
  (directory: string) =>
  (path: unknown): boolean =>
    typeof path === 'string' && path.startsWith(directory === '/' ? '/' : `${directory}/`);

function answerOf(model: Model, { operation, path, after, text }: Step): unknown {
  switch (operation) {
    case 'get': {
      const [texts, there] = locate(model, path, 'read');
      return texts.has(there) ? { path, text: texts.get(there) } : undefined;
    }
    case 'put': {
      const [texts, there] = locate(model, path, 'write');
      texts.set(there, text);
      return 'written';
    }
    case 'create': {
      const [texts, there] = locate(model, path, 'write');
      if (texts.has(there)) throw new Refused('VERSION_MISMATCH');
      texts.set(there, text);
      return 'written';
    }
    case 'delete': {
      const [texts, there] = locate(model, path, 'delete');
      return { deleted: texts.delete(there) };
    }
    case 'list':
      return [...children(model, path)]
        .map(([name, child]) => ({ name, ...child }))
        .filter(({ name }) => after === undefined || byBytes(name, after.name) > 0)
        .toSorted((one, other) => byBytes(one.name, other.name));
    default:
      throw new Error(operation);
  }
}

async function run(filesystem: RootFilesystem, step: Step, seen: unknown[]): Promise<unknown> {
  const { operation, path, text } = step;
  switch (operation) {
    case 'get': {
      const found = await filesystem.get(path);
      seen.push(found);
      return found && { path: found.path, text: textOf(found) };
    }
    case 'put':
      seen.push(await filesystem.put(path, { body: bytes(text) }, 'any'));
      return 'written';
    case 'create':
      seen.push(await filesystem.put(path, { body: bytes(text) }, 'absent'));
      return 'written';
    case 'delete':
      return filesystem.delete(path, 'any');
    case 'list':
      return listAll(filesystem, step, seen);
    default:
      throw new Error(operation);
  }
}

/** Lists page by page. */
async function listAll(
  filesystem: RootFilesystem,
  { path, after, limit }: Step,
  seen: unknown[],
): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  let from = after?.name;
  for (;;) {
    const page = await filesystem.list(path, { after: from, limit });
    seen.push(page);
    expect(page.children.length).toBeLessThanOrEqual(limit);
    all.push(...page.children);
    if (page.next === undefined) return all;
    expect(page.children.at(-1)?.name).toBe(page.next);
    from = page.next;
  }
}

async function compareEntries(filesystem: RootFilesystem, model: Model, step: Step): Promise<unknown[]> {
  const { path, after, limit } = step;
  const seen: unknown[] = [];
  const paths: string[] = [];
  let code: string | undefined;
  try {
    for await (const snapshot of filesystem.entries(path, { after: after?.path, pageSize: limit })) {
      seen.push(snapshot);
      paths.push(snapshot.path);
    }
  } catch (error) {
    seen.push(error);
    code = codeOf(error, step);
  }
  const expected = expectedOf(() => entriesBelow(model, path, after?.path));
  if ('code' in expected) {
    expect({ paths, code }).toEqual({ paths: [], code: expected.code });
    return seen;
  }
  const { answer } = expected as { readonly answer: ReturnType<typeof entriesBelow> };
  if (answer.refusals.length === 0) {
    expect({ paths, code }).toEqual({ paths: answer.paths, code: undefined });
  } else {
    // It ends at one of them, and gives nothing out of order before.
    expect(answer.refusals).toContain(code);
    expect(paths).toEqual(answer.paths.slice(0, paths.length));
  }
  return seen;
}

/** Everything that can be read from what a caller was given, however deep. */
export function everythingIn(value: unknown, depth = 0): string {
  if (depth > 6) return '';
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return String(value);
  // Of causes too, since inspect shows little of them.
  const fields = Reflect.ownKeys(value).map((key) => everythingIn(Reflect.get(value, key), depth + 1));
  const printed = value instanceof Error ? [String(value), JSON.stringify(value), inspect(value)] : [];
  return [...fields, ...printed].join('\n');
}
