/** A peer that this machine does not have: its figures are left out. */
export class NotInstalled extends Error {
  constructor(name: string, cause: unknown) {
    const reason = cause instanceof Error ? ` (${cause.message.split('\n')[0]})` : '';
    super(`${name} cannot be loaded here${reason}`, { cause });
    this.name = 'NotInstalled';
  }
}

/** Loads a package that may be missing on some platforms. Rejects with {@link NotInstalled} when it is. */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new NotInstalled(name, error);
  }
}
