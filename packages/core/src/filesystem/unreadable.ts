/**
 * An argument that throws what it is given as soon as anybody looks at it. It stands for one that was found to be
 * malformed: the filesystem below refuses it in the order in which it checks things, with the error that the argument
 * itself gave, and can do nothing with it, however it checks. The argument itself might answer differently next time.
 */
export function unreadable(thrown: unknown): object {
  const refuse = (): never => {
    throw thrown;
  };
  return new Proxy(Object.freeze({}), {
    get: refuse,
    getOwnPropertyDescriptor: refuse,
    getPrototypeOf: refuse,
    has: refuse,
    ownKeys: refuse,
  });
}
