import { isSpelledOut } from './spelled-out.ts';

/** What may be shown of an error that is not ours: the name of its class and its code, where they are no more than that. */
export interface SafeWords {
  /** `Error` where it is no plain word. */
  readonly name: string;
  readonly code: string | undefined;
}

// `ECONNREFUSED`, `SQLITE_BUSY_SNAPSHOT`, and the five characters of a SQLSTATE.
const CODE = /^[A-Z0-9_]{3,64}$/;

/** The words of an error that may be shown. May throw what its getters throw. */
export function safeWords({ name, code }: { readonly name?: unknown; readonly code?: unknown }): SafeWords {
  return {
    name: isSpelledOut(name) ? name : 'Error',
    code: typeof code === 'string' && CODE.test(code) ? code : undefined,
  };
}
