/** The id of the place that tells what failed on a backend, as a whole or in one family. Unique, whatever the id is. */
export function failureAnchor(backendId: string, family?: string): string {
  const parts = family === undefined ? [backendId] : [backendId, family];
  const plain = parts.map((part) => part.replaceAll(/[^a-z0-9-]/gi, (it) => `_${it.codePointAt(0)}_`));
  return `failed.${plain.join('.')}`;
}
