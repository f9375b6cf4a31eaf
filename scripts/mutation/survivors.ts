/** A mutant that no test can find, since nobody could tell what it changes, and why. */
export interface Survivor {
  readonly file: string;
  /** The text that is changed, with single spaces, and what it is changed to. All such places of the file are meant. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
}

const CAS = 'packages/core/src/cas';
const ROUNDS = 'packages/core/src/rounds';
const UPDATES = 'packages/core/src/updates';
const PATHS = 'packages/core/src/paths';
const FILESYSTEM = 'packages/core/src/filesystem';
const COMMIT = 'packages/core/src/operations/commit';
const MISSING_IS_FALSE = 'a key that is missing is as false';
const MICROTASK = 'to wait for nothing takes a microtask more';
const ONLY_ASKED =
  'only whether the entry is refused is asked, or a write of others waited for: no backend is given this';
const RULES = 'all rules are looked at one by one after the quick look';

export const SURVIVORS: readonly Survivor[] = [
  {
    file: `${CAS}/cas-apply.ts`,
    from: 'true',
    to: 'false',
    why: 'that the brand is there is looked at, and not what it is',
  },
  {
    file: `${CAS}/cas-attempt.ts`,
    from: "'absent'",
    to: '""',
    why: ONLY_ASKED,
  },
  {
    file: `${CAS}/cas-attempt.ts`,
    from: "'casUpdate'",
    to: '""',
    why: ONLY_ASKED,
  },
  {
    file: `${CAS}/cas-attempt.ts`,
    from: "{ name: 'casUpdate', path, changes: true }",
    to: '{}',
    why: ONLY_ASKED,
  },
  {
    file: `${CAS}/cas-attempt.ts`,
    from: '{ return false; }',
    to: '{}',
    why: 'a function that ends returns undefined, which is no yes either',
  },
  {
    file: `${CAS}/cas-options.ts`,
    from: 'value === undefined',
    to: 'false',
    why: 'the quick way: the other one fills in the same',
  },
  {
    file: `${CAS}/cas-options.ts`,
    from: '{ // All that most calls need of this. return { signal: undefined, ...CAS_DEFAULTS, random: Math.random, hint: undefined, combine: true }; }',
    to: '{}',
    why: 'the quick way: the other one fills in the same',
  },
  {
    file: `${ROUNDS}/round.ts`,
    from: "'closed'",
    to: '""',
    why: 'it is compared with the other phases alone, and is none of them either way',
  },
  {
    file: `${ROUNDS}/round.ts`,
    from: 'this.#timer === undefined',
    to: 'false',
    why: 'the quick way: where nobody came, the other one finds nobody',
  },
  {
    file: `${ROUNDS}/rounds.ts`,
    from: 'this.#one === undefined || this.#one.path === round.path',
    to: 'false',
    why: 'in the map it is found all the same',
  },
  {
    file: `${ROUNDS}/sequence.ts`,
    from: '{ reads: false }',
    to: '{}',
    why: MISSING_IS_FALSE,
  },
  {
    file: `${ROUNDS}/sequence.ts`,
    from: 'turn === undefined',
    to: 'false',
    why: MICROTASK,
  },
  {
    file: `${ROUNDS}/sequence.ts`,
    from: "'decide'",
    to: '""',
    why: 'whoever is told is asked for each of the others before, and it is none of them either way',
  },
  {
    file: `${ROUNDS}/shared-write.ts`,
    from: 'seats[0]?.patience',
    to: 'seats[0].patience',
    why: 'nothing is sent for those who have all left',
  },
  {
    file: `${UPDATES}/run-update.ts`,
    from: '{ reads: false }',
    to: '{}',
    why: MISSING_IS_FALSE,
  },
  {
    file: `${UPDATES}/run-update.ts`,
    from: 'turn !== undefined',
    to: 'true',
    why: MICROTASK,
  },
  {
    file: `${UPDATES}/update-calls.ts`,
    from: '{ name: this.#kind.name, path, changes: true }',
    to: '{}',
    why: 'it is made an error of the update right afterwards, which says all of it',
  },
  {
    file: `${UPDATES}/update-calls.ts`,
    from: "typeof (value as PromiseLike<V> | null | undefined)?.then === 'function'",
    to: 'true',
    why: 'what is no promise can be waited for too, and is the same then',
  },
  {
    file: `${FILESYSTEM}/lost-reply.ts`,
    from: 'caller.remainingMs() > RESOLVE_LOST_REPLY_MS',
    to: 'true',
    why: "the caller's own deadline was set before, and is heard of first where both end together",
  },
  {
    file: `${FILESYSTEM}/lost-reply.ts`,
    from: 'caller.remainingMs() > RESOLVE_LOST_REPLY_MS',
    to: 'caller.remainingMs() >= RESOLVE_LOST_REPLY_MS',
    why: "the caller's own deadline was set before, and is heard of first where both end together",
  },
  {
    file: `${FILESYSTEM}/lost-reply.ts`,
    from: 'final !== undefined',
    to: 'true',
    why: 'with nothing final it is sent again, and so never not yet there',
  },
  {
    file: `${FILESYSTEM}/lost-reply.ts`,
    from: "'try-again'",
    to: '""',
    why: 'it is compared with the verdicts alone, and is none of them either way',
  },
  {
    file: `${FILESYSTEM}/lost-reply.ts`,
    from: "'untold'",
    to: '""',
    why: 'the caller is over then, which ends it too',
  },
  {
    file: `${FILESYSTEM}/mutation.ts`,
    from: 'thrown !== over && isRefusal(thrown)',
    to: 'false',
    why: 'a refusal is told all the same, from the work that was refused',
  },
  {
    file: `${FILESYSTEM}/mutation.ts`,
    from: '{ // When it cannot be told, it is not. return false; }',
    to: '{}',
    why: 'a function that ends returns undefined, which is no landing either',
  },
  {
    file: `${COMMIT}/ask-again.ts`,
    from: 'clock.now() + pauseMs >= until',
    to: 'clock.now() + pauseMs > until',
    why: 'whether it is asked once more at the last millisecond is no promise',
  },
  {
    file: `${COMMIT}/commit-operation.ts`,
    from: '[]',
    to: '["Stryker was here"]',
    why: 'what is in the place of none has no path',
  },
  {
    file: `${COMMIT}/gate-commit.ts`,
    from: 'claimed?.cas',
    to: 'claimed.cas',
    why: 'without claims, planes are refused before',
  },
  {
    file: `${COMMIT}/gate-commit.ts`,
    from: 'claimed?.[limit]',
    to: 'claimed[limit]',
    why: 'without claims, planes are refused before',
  },
  {
    file: `${COMMIT}/parse-changes.ts`,
    from: 'new Set(paths).size === paths.length',
    to: 'false',
    why: 'the quick look: without it each path is looked at, with the same answer',
  },
  {
    file: `${PATHS}/code-points.ts`,
    from: 'index < text.length',
    to: 'index <= text.length',
    why: 'the unit behind the last is NaN, which no comparison holds for',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: "typeof name === 'string' && name.length <= MAX_SEGMENT_BYTES",
    to: 'true',
    why: 'what is no string cannot be decoded, and the text of what is too long has no segment',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: 'name.length <= MAX_SEGMENT_BYTES',
    to: 'true',
    why: 'the text of what is too long has no segment; it is not decoded first to save time',
  },
  {
    file: `${PATHS}/segment.ts`,
    from: '{ // A `%` without two digits behind it, or bytes that are not UTF-8. return undefined; }',
    to: '{}',
    why: 'a function that ends returns undefined',
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})+$/',
    to: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})$/',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~]{1,255})+$/',
    to: '/^(?:\\/(?!\\.\\.?(?:\\/|$))[ -.0-[\\]-~])+$/',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length <= MAX_PATH_BYTES && PLAIN.test(path)',
    to: 'false',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length <= MAX_PATH_BYTES',
    to: 'path.length < MAX_PATH_BYTES',
    why: RULES,
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length > MAX_PATH_BYTES',
    to: 'false',
    why: 'no text has fewer bytes than units: this is the cheaper measure',
  },
  {
    file: `${PATHS}/virtual-path.ts`,
    from: 'path.length > MAX_PATH_BYTES',
    to: 'path.length >= MAX_PATH_BYTES',
    why: 'a path of as many units, but not of plain ASCII, has more bytes or is refused by another rule',
  },
];
