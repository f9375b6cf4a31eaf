import { readFileSync } from 'node:fs';

/** What one run of Vitest is given: the changed sources, and which mutants its tests are to find. */
export interface Session {
  /** Sources with all their mutants in them, by absolute path. One global says which mutant is active. */
  readonly sources: Readonly<Record<string, string>>;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** The ids of those that no test has found yet. */
  readonly alive: readonly string[];
  /** By test, what is known from runs before: those it reached and has not met, and how long it takes. */
  readonly known: Readonly<Record<string, Known>>;
  /** Tests that take longer, in milliseconds, only tell what they reach. */
  readonly longest: number;
  /** The mutant that is active from the start, where modules made what it changes as they were loaded. */
  readonly loaded?: string;
  /** Where {@link Finding}s are appended, one line each. */
  readonly findings: string;
}

export interface Known {
  readonly reached: readonly string[];
  readonly took: number;
}

/** What the tests of a run tell, as it happens: the run may hang and be ended. */
export type Finding =
  | { readonly is: 'reached'; readonly test: string; readonly mutants: readonly string[]; readonly took: number }
  | { readonly is: 'loaded'; readonly mutants: readonly string[] }
  | { readonly is: 'trying' | 'missed'; readonly test: string; readonly mutant: string }
  | { readonly is: 'found'; readonly test: string; readonly name: string; readonly mutant: string }
  | {
      readonly is: 'failed';
      readonly test: string;
      readonly name: string;
      readonly after: readonly string[];
      /** Whether any mutant was active in the process before: then it can go no further, and waits to be ended. */
      readonly changed: boolean;
      readonly error: string;
    };

/** The environment variable with the path of the session. */
export const SESSION = 'HOLDFAST_MUTATION';

export function readSession(): Session {
  const path = process.env[SESSION];
  if (path === undefined) throw new Error(`${SESSION} is not set: npm run test:mutation sets it.`);
  return JSON.parse(readFileSync(path, 'utf8')) as Session;
}
