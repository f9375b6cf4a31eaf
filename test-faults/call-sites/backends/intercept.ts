/** What comes in the place of a method: it decides whether the real one runs, and when. */
type Instead = (real: () => never, sent: readonly unknown[]) => unknown;

/** Puts something in the place of a method of an object, and answers what puts it back. */
export function intercept(target: object | undefined, name: string, instead: Instead): () => void {
  if (target === undefined) throw new TypeError(`there is nothing that has ${name}`);
  const owner = target as Record<string, (...sent: unknown[]) => never>;
  const real = owner[name];
  if (typeof real !== 'function') throw new TypeError(`it has no ${name}`);
  owner[name] = function through(this: unknown, ...sent: unknown[]): never {
    return instead(() => real.apply(this, sent), sent) as never;
  };
  return () => {
    owner[name] = real;
  };
}
