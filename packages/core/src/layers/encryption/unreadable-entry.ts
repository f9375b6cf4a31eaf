/**
 * An entry that throws whatever it is given as soon as anybody looks at it. It stands for an entry that cannot be
 * encrypted: the filesystem below refuses it in the order in which it checks things, with the error that the entry
 * itself gave, and cannot store anything of it, however it checks.
 */
export function unreadableEntry(thrown: unknown): object {
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
