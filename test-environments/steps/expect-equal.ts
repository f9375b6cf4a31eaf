/** Throws unless two values have the same JSON text. No runner's own `expect`, and no class of any realm. */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (got !== wanted) throw new Error(`expected ${what} to be ${wanted}; got ${got}`);
}
