import { CasApply, casUpdate, type ErrorCode, type OperationName, type RootFilesystem } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo, describeFailure } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import type { Places } from '../values/paths.ts';
import {
  WRONG_DIRECTORIES,
  WRONG_ENTRIES,
  WRONG_ENTRIES_CURSORS,
  WRONG_ENTRIES_OPTIONS,
  WRONG_EXPECTATIONS,
  WRONG_LIST_OPTIONS,
  WRONG_OPTIONS,
  WRONG_PATHS,
  WRONG_UPDATE_OPTIONS,
  type Wrong,
} from '../values/wrong-arguments.ts';
import { codecOf } from './codec.ts';

/** One way to call an operation that has to be refused. */
interface Mistake {
  readonly operation: OperationName;
  readonly code: ErrorCode;
  readonly name: string;
  /** Whether the path is right, and so is named by the error. */
  readonly named: boolean;
  call(filesystem: RootFilesystem, path: string): Promise<unknown>;
}

const body = new Uint8Array([1, 2, 3]);
const codec = codecOf(undefined, new Error('never thrown'));
const apply = () => CasApply.write({ body });

/** The arguments of a call, one of which is wrong; its type says otherwise, as that of a caller without types would. */
type Call = (filesystem: RootFilesystem, path: string, value: never) => Promise<unknown>;

async function iterate(filesystem: RootFilesystem, prefix: string, options?: object): Promise<void> {
  for await (const _entry of filesystem.entries(prefix, options)) return;
}

function mistakes(operation: OperationName, code: ErrorCode, values: readonly Wrong[], call: Call): Mistake[] {
  return values.map(({ name, value }) => ({
    operation,
    code,
    name,
    named: code !== 'INVALID_PATH',
    call: (filesystem, path) => call(filesystem, path, value as never),
  }));
}

const wrongPaths: readonly Mistake[] = [
  ...mistakes('get', 'INVALID_PATH', WRONG_PATHS, (fs, _path, value) => fs.get(value)),
  ...mistakes('put', 'INVALID_PATH', WRONG_PATHS, (fs, _path, value) => fs.put(value, { body }, 'any')),
  ...mistakes('delete', 'INVALID_PATH', WRONG_PATHS, (fs, _path, value) => fs.delete(value, 'any')),
  ...mistakes('casUpdate', 'INVALID_PATH', WRONG_PATHS, (fs, _path, value) => casUpdate(fs, value, codec, apply)),
  ...mistakes('list', 'INVALID_PATH', WRONG_DIRECTORIES, (fs, _path, value) => fs.list(value)),
  ...mistakes('entries', 'INVALID_PATH', WRONG_DIRECTORIES, (fs, _path, value) => iterate(fs, value)),
  ...mistakes('capabilitiesAt', 'INVALID_PATH', WRONG_DIRECTORIES, async (fs, _path, value) =>
    fs.capabilitiesAt(value),
  ),
];

const wrongArguments: readonly Mistake[] = [
  ...mistakes('put', 'INVALID_ARGUMENT', WRONG_ENTRIES, (fs, path, value) => fs.put(path, value, 'any')),
  ...mistakes('put', 'INVALID_ARGUMENT', WRONG_EXPECTATIONS.put, (fs, path, value) => fs.put(path, { body }, value)),
  ...mistakes('delete', 'INVALID_ARGUMENT', WRONG_EXPECTATIONS.delete, (fs, path, value) => fs.delete(path, value)),
];

const wrongOptions: readonly Mistake[] = [
  ...mistakes('get', 'INVALID_ARGUMENT', WRONG_OPTIONS, (fs, path, value) => fs.get(path, value)),
  ...mistakes('put', 'INVALID_ARGUMENT', WRONG_OPTIONS, (fs, path, value) => fs.put(path, { body }, 'any', value)),
  ...mistakes('delete', 'INVALID_ARGUMENT', WRONG_OPTIONS, (fs, path, value) => fs.delete(path, 'any', value)),
  ...mistakes('list', 'INVALID_ARGUMENT', WRONG_LIST_OPTIONS, (fs, path, value) => fs.list(path, value)),
  ...mistakes('entries', 'INVALID_ARGUMENT', WRONG_ENTRIES_OPTIONS, (fs, path, value) => iterate(fs, path, value)),
  ...mistakes('casUpdate', 'INVALID_ARGUMENT', WRONG_UPDATE_OPTIONS, (fs, path, value) =>
    casUpdate(fs, path, codec, apply, value),
  ),
];

// The directory is right and so is named, but what is wrong is a path too.
const wrongCursors: readonly Mistake[] = mistakes('entries', 'INVALID_PATH', WRONG_ENTRIES_CURSORS, (fs, path, value) =>
  iterate(fs, path, value),
).map((mistake) => ({ ...mistake, named: true }));

/** Calls an operation with a wrong argument, which has to be refused and must change nothing. */
class Misuse implements Operation {
  readonly promise = 'a call with a malformed argument is refused with a typed error and changes nothing';
  readonly #mistake: Mistake;
  readonly #path: string;

  constructor(mistake: Mistake, path: string) {
    this.#mistake = mistake;
    this.#path = path;
  }

  async perform(side: Side): Promise<string> {
    const answer = await answerTo(async () => {
      await this.#mistake.call(side.filesystem, this.#path);
      return 'no refusal';
    });
    // Whether a closed filesystem looks at the path, and which it then names, is left to it.
    return answer.startsWith('CLOSED ') ? answer.replace(/ path="(?:[^"\\]|\\.)*"/, '') : answer;
  }

  predict(model: Model): readonly string[] {
    const { operation, code, named } = this.#mistake;
    const path = named ? this.#path : undefined;
    const refusal = describeFailure({ code, operation, path });
    // What a closed filesystem says to a wrong call is left to it; but to ask for capabilities costs nothing, ever.
    if (!model.closed || operation === 'capabilitiesAt') return [refusal];
    return [refusal, ...model.turnedAway(operation, undefined, 'unsaid')];
  }

  toString(): string {
    const { operation, name, named } = this.#mistake;
    return `${operation} with ${name}${named ? ` at ${JSON.stringify(this.#path)}` : ''}`;
  }
}

/** Calls with one wrong argument. */
export const misuses = ({ paths }: Places): fc.Arbitrary<Operation> =>
  fc
    .tuple(
      fc.oneof(...[wrongPaths, wrongArguments, wrongOptions, wrongCursors].map((all) => fc.constantFrom(...all))),
      paths,
    )
    .map((given) => new Misuse(...given));
