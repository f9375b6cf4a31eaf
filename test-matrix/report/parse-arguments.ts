import { parseArgs } from 'node:util';
import { EFFORT, type Effort } from '@holdfast/contract';
import type { Choice } from './choose-backends.ts';

/** What `npm run matrix` was asked to do. */
export interface MatrixArguments extends Choice {
  readonly effort: Effort;
  /** A folder, as it was given; `undefined` for the default one. */
  readonly output: string | undefined;
  readonly help: boolean;
}

/** What `--help` prints. */
export const USAGE = `npm run matrix -- [--effort quick|full|long] [--only id,id] [--without id,id] [--output folder]

Runs the contract suite on every backend, measures updates of one hot key, and writes matrix.json and
matrix.html into the output folder (by default test-matrix/output). What is left out is said in the report.
HOLDFAST_MATRIX_WITHOUT=id,id in the environment leaves backends out as well.

Ends with 1 when anything failed, a backend could not start or the report could not be written, and with 2 when an
argument is wrong or the output folder cannot be written to, before anything is run.`;

const OPTIONS = {
  effort: { type: 'string', default: 'full' },
  only: { type: 'string' },
  without: { type: 'string' },
  output: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

/** Reads the command line. @throws Error with a message for its user when it is wrong */
export function parseArguments(args: readonly string[]): MatrixArguments {
  // npm passes a separator on to a script that is started by another one.
  const given = args.filter((it) => it !== '--');
  const { values } = parseArgs({ args: given, options: OPTIONS, strict: true, allowPositionals: false });
  const { effort, only, without, output, help } = values;
  if (!isEffort(effort)) throw new Error(`--effort must be one of ${Object.keys(EFFORT).join(', ')}, not ${effort}`);
  if (output === '') throw new Error('--output needs a folder');
  return {
    effort,
    only: ids('--only', only),
    without: ids('--without', without),
    output,
    help,
  };
}

/** The ids of a list like `memory,sqlite-file`; spaces around them do not count. */
function ids(option: string, list: string | undefined): string[] | undefined {
  const parsed = list?.split(',').flatMap((id) => id.trim() || []);
  if (parsed?.length === 0) throw new Error(`${option} needs the id of a backend`);
  return parsed;
}

function isEffort(text: string): text is Effort {
  return Object.hasOwn(EFFORT, text);
}
