import type { RootFilesystem, Snapshot } from '@holdfast/core';

/** An entry whose body is a text. */
export function text(body: string): { readonly body: Uint8Array } {
  return { body: new TextEncoder().encode(body) };
}

/** The body of a snapshot as a text. */
export function textOf(snapshot: Pick<Snapshot, 'body'> | undefined): string | undefined {
  return snapshot === undefined ? undefined : new TextDecoder().decode(snapshot.body);
}

/** The paths of everything below a directory. */
export async function pathsBelow(fs: Pick<RootFilesystem, 'entries'>, directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of fs.entries(directory)) paths.push(path);
  return paths;
}

/** The names in a directory. */
export async function namesIn(fs: Pick<RootFilesystem, 'list'>, directory: string): Promise<string[]> {
  return (await fs.list(directory, { limit: 1000 })).children.map(({ name }) => name);
}
