import type { FileId } from './descriptors.ts';

/** The drivers of our adapters: each brings a SQLite of its own. */
export type Library = 'better-sqlite3' | '@libsql/client';

/** A connection that was not closed, since that would have harmed another library. */
export interface Kept {
  /** What the process had of the shared memory of the file: once it is closed, the numbers may be those of others. */
  readonly memory: FileId | undefined;
  readonly descriptors: readonly number[];
  close(): void;
}

/** One database file, as far as adapters of this process have it open. */
export interface OpenFile {
  readonly users: ReadonlyMap<Library, number>;
  readonly kept: readonly Kept[];
}

const KEY = Symbol.for('@holdfast/sql: the database files that are open');

/** The files that are open, whichever copy of this package opened them, as long as it is on the same thread. */
function openFiles(): Map<FileId, OpenFile> {
  const shared = globalThis as { [KEY]?: Map<FileId, OpenFile> };
  return (shared[KEY] ??= new Map());
}

/** What is known of a file. */
export function openFile(file: FileId): OpenFile {
  return openFiles().get(file) ?? { users: new Map(), kept: [] };
}

/** Counts one more or less that uses a file through a library. */
export function countUser(file: FileId, library: Library, change: 1 | -1): void {
  const { users, kept } = openFile(file);
  const count = (users.get(library) ?? 0) + change;
  const others = [...users].filter(([name]) => name !== library);
  note(file, { users: new Map(count > 0 ? [...others, [library, count]] : others), kept });
}

/** Notes which connections are kept. */
export function keep(file: FileId, kept: readonly Kept[]): void {
  note(file, { users: openFile(file).users, kept });
}

function note(file: FileId, open: OpenFile): void {
  if (open.users.size === 0 && open.kept.length === 0) openFiles().delete(file);
  else openFiles().set(file, open);
}
