import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { root } from '../toolchain/root.mjs';

/** One change to one place of a source. */
export interface Mutant {
  readonly id: string;
  /** As in `packages/core/src/cas/decide.ts`. */
  readonly file: string;
  readonly line: number;
  /** The name of the kind of change, as Stryker has it. */
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  /** The same wherever in the file it is. */
  readonly hash: number;
}

export interface Mutated {
  readonly mutants: readonly Mutant[];
  /** By absolute path. */
  readonly sources: Readonly<Record<string, string>>;
}

/** All mutants of these files, and the files with all of them inside, of which one at a time can be switched on. */
export async function mutate(files: readonly string[]): Promise<Mutated> {
  const given = files.map((file) => ({
    name: join(root, file),
    content: readFileSync(join(root, file), 'utf8'),
    mutate: true,
  }));
  const made = await new Instrumenter(silent).instrument(given, { plugins: null, ignorers: [], excludedMutations: [] });
  const texts = new Map(given.map(({ name, content }) => [name, content]));
  const mutants = made.mutants.map(({ id, fileName, location, replacement, mutatorName }) => {
    const file = fileName.slice(root.length + 1);
    const from = between(texts.get(fileName) ?? '', location);
    const hash = createHash('sha256').update([file, mutatorName, from, replacement].join('\0')).digest().readUInt32BE();
    return { id, file, line: location.start.line + 1, kind: mutatorName, from, to: replacement, hash };
  });
  return { mutants, sources: Object.fromEntries(made.files.map(({ name, content }) => [name, content])) };
}

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The text at a place, whose lines and columns begin at 0. */
function between(text: string, { start, end }: { readonly start: Position; readonly end: Position }): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  const last = lines.length - 1;
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column : 0, index === last ? end.column : undefined))
    .join('\n');
}

const nothing = () => {};
const no = () => false;
const silent: ConstructorParameters<typeof Instrumenter>[0] = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  fatal: nothing,
};
