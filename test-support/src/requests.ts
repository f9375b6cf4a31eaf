import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Requests of an application, each with an async context of its own, and a note of what ran in the wrong one. */
export interface Requests {
  /** Runs something in as many requests at once, each of which is given a path of its own. */
  all<T>(count: number, run: (path: string) => Promise<T>): Promise<T[]>;
  /** Notes what something is about: a path, or whatever has one in it. Nothing if there is none in it. */
  saw(what: string, about: unknown): void;
  /** How often something was seen that was about a path. */
  readonly seen: number;
  /** What was seen in the context of another request, or of none. */
  readonly misplaced: readonly string[];
}

/** Makes some. Their paths are `/r0`, `/r1` and so on. */
export function requests(): Requests {
  const misplaced: string[] = [];
  let seen = 0;
  return {
    all: (count, run) =>
      Promise.all(
        Array.from({ length: count }, (_, n) => {
          const path = `/r${n}`;
          return storage.run(path, () => run(path));
        }),
      ),
    saw(what, about) {
      const [path] = /\/r\d+\b/.exec(typeof about === 'string' ? about : (JSON.stringify(about) ?? '')) ?? [];
      if (path === undefined) return;
      seen += 1;
      const context = storage.getStore();
      if (context !== path) misplaced.push(`${what} of ${path} in the context of ${context ?? 'none'}`);
    },
    get seen() {
      return seen;
    },
    misplaced,
  };
}
