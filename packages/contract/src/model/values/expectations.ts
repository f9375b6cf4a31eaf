import fc from 'fast-check';
import type { Places } from './paths.ts';

/**
 * Which version an expectation names. Tokens differ from backend to backend, so it is said by what it is a version
 * of: the entry that is there; the last write to the path, deleted since or not; the write before that; the entry at
 * another path; the current token in another case, cut short, with more behind it, with one character changed, as one of
 * several or in quotes, as headers of HTTP have them; or a token that nobody ever minted.
 */
type VersionOf =
  | { readonly of: 'current' | 'last' | 'earlier' | Mangled }
  | { readonly of: 'other'; readonly path: string }
  | { readonly of: 'nobody'; readonly token: string };

/** How a token is made one that no entry has. */
type Mangled = (typeof MANGLED)[number];

const MANGLED = [
  'current-upper-case',
  'current-cut-short',
  'current-and-more',
  'current-changed',
  'current-in-a-list',
  'current-in-quotes',
] as const;

/** The precondition of a delete in a random operation. */
export type DeleteExpected = 'any' | VersionOf;

/** The precondition of a put in a random operation. */
export type PutExpected = 'absent' | DeleteExpected;

/** Has the form of a version and is none. */
export const NOBODYS_VERSION = '00000000-0000-4000-8000-000000000000';

const versions = ({ paths }: Places): fc.Arbitrary<VersionOf> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant({ of: 'current' as const }) },
    { weight: 4, arbitrary: fc.record({ of: fc.constantFrom('last' as const, 'earlier' as const) }) },
    { weight: 4, arbitrary: fc.record({ of: fc.constant('other' as const), path: paths }) },
    {
      weight: 4,
      arbitrary: fc.record({ of: fc.constantFrom(...MANGLED) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        of: fc.constant('nobody' as const),
        token: fc.constantFrom(NOBODYS_VERSION, '0', '*', 'null', "'--", '%', '"', '\\', 'x'.repeat(128)),
      }),
    },
  );

/** Preconditions of a delete. */
export const deleteExpectations = (places: Places): fc.Arbitrary<DeleteExpected> =>
  fc.oneof(fc.constant('any' as const), versions(places));

/** Preconditions of a put. */
export const putExpectations = (places: Places): fc.Arbitrary<PutExpected> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constant('absent' as const) },
    { weight: 5, arbitrary: fc.constant('any' as const) },
    { weight: 6, arbitrary: versions(places) },
  );

/** Preconditions of a put that mostly hold where there is an entry. */
export const holdingExpectations = (places: Places): fc.Arbitrary<PutExpected> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('any' as const) },
    { weight: 4, arbitrary: fc.constant({ of: 'current' as const }) },
    { weight: 3, arbitrary: putExpectations(places) },
  );

/** Whether an expectation names a token that was tampered with. */
export function isMangled(of: string): of is Mangled {
  return (MANGLED as readonly string[]).includes(of);
}

/** A token made one that no entry has. */
export function mangle(token: string, how: Mangled): string {
  switch (how) {
    case 'current-upper-case':
      // Where case does not tell it apart, nobody's.
      return token.toUpperCase() === token ? NOBODYS_VERSION : token.toUpperCase();
    case 'current-cut-short':
      return token.slice(0, -1) || NOBODYS_VERSION;
    case 'current-and-more':
      return token.length < 128 ? `${token}0` : NOBODYS_VERSION;
    case 'current-in-a-list':
      return token.length < 126 ? `0,${token}` : NOBODYS_VERSION;
    case 'current-in-quotes':
      return token.length < 127 ? `"${token}"` : NOBODYS_VERSION;
    case 'current-changed':
      return `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`;
  }
}

/** As an argument in the text of an operation. */
export function describeExpected(expected: PutExpected): string {
  if (typeof expected === 'string') return `'${expected}'`;
  if (expected.of === 'other') return `{ version of ${JSON.stringify(expected.path)} }`;
  if (expected.of === 'nobody') return `{ version: ${JSON.stringify(expected.token)} }`;
  return `{ version: ${expected.of} }`;
}
