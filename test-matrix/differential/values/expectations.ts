import fc from 'fast-check';
import { paths } from './paths.ts';

/**
 * Which version an expectation names. Tokens differ from backend to backend, so it is said by what it is a version
 * of: the entry that is there; the last write to the path, deleted since or not; the write before that; the entry at
 * another path; the current token in another case or cut short; or a token that nobody ever minted.
 */
type VersionOf =
  | { readonly of: 'current' | 'last' | 'earlier' | 'current-upper-case' | 'current-cut-short' }
  | { readonly of: 'other'; readonly path: string }
  | { readonly of: 'nobody'; readonly token: string };

/** The precondition of a delete in a random operation. */
export type DeleteExpected = 'any' | VersionOf;

/** The precondition of a put in a random operation. */
export type PutExpected = 'absent' | DeleteExpected;

/** Has the form of a version and is none. */
export const NOBODYS_VERSION = '00000000-0000-4000-8000-000000000000';

const versions: fc.Arbitrary<VersionOf> = fc.oneof(
  { weight: 10, arbitrary: fc.constant({ of: 'current' as const }) },
  { weight: 4, arbitrary: fc.record({ of: fc.constantFrom('last' as const, 'earlier' as const) }) },
  { weight: 2, arbitrary: fc.record({ of: fc.constant('other' as const), path: paths }) },
  {
    weight: 2,
    arbitrary: fc.record({ of: fc.constantFrom('current-upper-case' as const, 'current-cut-short' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      of: fc.constant('nobody' as const),
      token: fc.constantFrom(NOBODYS_VERSION, '0', 'null', "'--", '%', '"', '\\', 'x'.repeat(128)),
    }),
  },
);

/** Preconditions of a delete. */
export const deleteExpectations: fc.Arbitrary<DeleteExpected> = fc.oneof(fc.constant('any' as const), versions);

/** Preconditions of a put. */
export const putExpectations: fc.Arbitrary<PutExpected> = fc.oneof(
  { weight: 3, arbitrary: fc.constant('absent' as const) },
  { weight: 5, arbitrary: fc.constant('any' as const) },
  { weight: 4, arbitrary: versions },
);

/** As an argument in the text of an operation. */
export function describeExpected(expected: PutExpected): string {
  if (typeof expected === 'string') return `'${expected}'`;
  if (expected.of === 'other') return `{ version of ${JSON.stringify(expected.path)} }`;
  if (expected.of === 'nobody') return `{ version: ${JSON.stringify(expected.token)} }`;
  return `{ version: ${expected.of} }`;
}
