/** The oldest major release of Node that the packages run on, as their `engines` say. */
export const OLDEST_NODE = 22;

/**
 * Why there is no running on a Node, if there is not, by its `process.versions`. Other runtimes name a Node too, the one
 * that they are compatible with, or none: what they can do shows when they do it.
 */
export function oldNode(versions: { readonly [name: string]: string | undefined } | undefined): string | undefined {
  const { node, bun, deno } = versions ?? {};
  if (node === undefined || bun !== undefined || deno !== undefined) return undefined;
  // What is no number is not less either.
  if (!(Number.parseFloat(node) < OLDEST_NODE)) return undefined;
  return `Holdfast needs Node ${OLDEST_NODE} or later; this is Node ${node}`;
}
