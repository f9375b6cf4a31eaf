import { inspect } from 'node:util';
import { expect } from 'vitest';
import { CasApply } from '../../src/cas/cas-apply.ts';
import { casUpdate } from '../../src/cas/cas-update.ts';
import type { RecordCodec } from '../../src/codecs/record-codec.ts';
import { isHoldfastError } from '../../src/errors/holdfast-error.ts';
import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';
import { bytes, textOf } from './bytes.ts';
import { byBytes, children, entriesBelow, locate, Refused, serving, type Model } from './wrapper-model.ts';

/** One operation. */
export interface Step {
  readonly operation: 'capabilities' | 'get' | 'put' | 'create' | 'update' | 'delete' | 'list' | 'entries';
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
  expect(OPERATION_NAMES[operation]).toContain(error.operation);
  // An iteration names the directory in which it could not go on.
  if (operation === 'entries' && error.path !== path) expect(error.path).toSatisfy(isBelow(path));
  else expect(error.path).toBe(path);
  const mutates = ['put', 'create', 'update', 'delete'].includes(operation);
  expect(error.outcome).toBe(mutates ? 'not-applied' : undefined);
  return error.code;
}

/** What its errors may name. */
const OPERATION_NAMES: Readonly<Record<Step['operation'], readonly unknown[]>> = {
  capabilities: ['capabilitiesAt'],
  get: ['get'],
  put: ['put'],
  create: ['put'],
  // Its write, where that is what is refused.
  update: ['casUpdate', 'put'],
  delete: ['delete'],
  list: ['list'],
  entries: ['entries'],
};

let encoded = 0;

const texts: RecordCodec<string> = {
  // No two alike: an update to what is there already writes nothing, and so needs no permission to write.
  encode: (text) => ({ body: bytes(text), kind: `text_${(encoded += 1)}` }),
  decode: (stored) => textOf(stored) as string,
};

const isBelow =
  (directory: string) =>
  (path: unknown): boolean =>
    typeof path === 'string' && path.startsWith(directory === '/' ? '/' : `${directory}/`);

function answerOf(model: Model, { operation, path, after, text }: Step): unknown {
  switch (operation) {
    case 'capabilities':
      serving(model, path);
      return 'versioned';
    case 'update': {
      serving(model, path);
      locate(model, path, 'read');
      const [stored, there] = locate(model, path, 'write');
      stored.set(there, text);
      return text;
    }
    case 'get': {
      const [stored, there] = locate(model, path, 'read');
      return stored.has(there) ? { path, text: stored.get(there) } : undefined;
    }
    case 'put': {
      const [stored, there] = locate(model, path, 'write');
      stored.set(there, text);
      return 'written';
    }
    case 'create': {
      const [stored, there] = locate(model, path, 'write');
      if (stored.has(there)) throw new Refused('VERSION_MISMATCH');
      stored.set(there, text);
      return 'written';
    }
    case 'delete': {
      const [stored, there] = locate(model, path, 'delete');
      return { deleted: stored.delete(there) };
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
    case 'capabilities':
      return filesystem.capabilitiesAt(path).cas;
    case 'update': {
      const result = await casUpdate(filesystem, path, texts, () => CasApply.write(text));
      seen.push(result);
      return result.snapshot;
    }
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
    expect(answer.refusals.map((it) => it.code)).toContain(code);
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
