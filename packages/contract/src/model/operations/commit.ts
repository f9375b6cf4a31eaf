import type { Change, EntryInput } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo, describeFailure } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { copyOf, describeEntry, entries, scribbleOver } from '../values/entries.ts';
import {
  deleteExpectations,
  describeExpected,
  holdingExpectations,
  putExpectations,
  type DeleteExpected,
  type PutExpected,
} from '../values/expectations.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import type { Places } from '../values/paths.ts';

/** One change of a commit. */
type DrawnChange = { readonly path: string } & (
  | { readonly do: 'put'; readonly entry: EntryInput; readonly expected: PutExpected }
  | { readonly do: 'delete'; readonly expected: DeleteExpected }
  | { readonly do: 'check'; readonly expected: Exclude<PutExpected, 'any'> }
);

/** What is told on a backend that has none, which is never asked. */
const NO_COMMITS = 'no commits';

/** Makes several changes in one commit, and scribbles over what it passed. */
class Commit implements Operation {
  readonly promise = 'a commit makes all of its changes if every expectation holds, and otherwise none';
  readonly #changes: readonly DrawnChange[];
  readonly #patience: Patience;

  constructor(changes: readonly DrawnChange[], patience: Patience) {
    this.#changes = changes;
    this.#patience = patience;
  }

  async perform(side: Side, step: number): Promise<string> {
    if (!hasCommits(side.model)) return NO_COMMITS;
    return answerTo(async () => {
      const given = this.#changes.map((change): Change => changeOn(side, change));
      const answer = side.commit(given, optionsOf(this.#patience));
      for (const { entry } of given) if (entry !== undefined) scribbleOver(entry);
      given.length = 0;
      const { version } = await answer;
      return version === undefined ? 'committed' : `committed ${side.minted(version, `v${step}`)}`;
    });
  }

  predict(model: Model, step: number): readonly string[] {
    if (!hasCommits(model)) return [NO_COMMITS];
    const refused = this.#refusals(model);
    if (refused.length > 0) return refused;
    const unmet = this.#changes.filter(({ path, expected }) => !model.holds(path, model.at(path), expected));
    const [first] = unmet;
    if (first !== undefined) {
      const paths = unmet.map(({ path }) => path);
      return [describeFailure({ code: 'VERSION_MISMATCH', operation: 'commit', path: first.path, paths })];
    }
    for (const change of this.#changes) {
      if (change.do === 'put') model.store(change.path, change.entry, `v${step}`);
      if (change.do === 'delete') model.remove(change.path);
    }
    return [this.#changes.some((change) => change.do === 'put') ? `committed v${step}` : 'committed'];
  }

  toString(): string {
    const changes = this.#changes.map((change) => {
      const entry = change.do === 'put' ? `, ${describeEntry(change.entry)}` : '';
      return `${change.do} ${JSON.stringify(change.path)}${entry}, ${describeExpected(change.expected)}`;
    });
    return `commit(${changes.join('; ')}${describePatience(this.#patience)})`;
  }

  #refusals(model: Model): string[] {
    const [first] = this.#changes as readonly [DrawnChange, ...DrawnChange[]];
    const { maxCommitChanges, maxCommitBytes } = model.capabilities;
    const puts = this.#changes.filter((change) => change.do === 'put');
    const bytes = puts.reduce((sum, { entry }) => sum + entry.body.length, 0);
    const tooLarge = (capability: string): string =>
      describeFailure({ code: 'COMMIT_TOO_LARGE', operation: 'commit', path: first.path, capability });
    return [
      ...model.turnedAway('commit', first.path, this.#patience),
      ...this.#changes.flatMap((change) => missingFor(model, change)),
      ...puts.flatMap(({ path, entry }) => model.tooLong('commit', path, entry)),
      ...(this.#changes.length > maxCommitChanges ? [tooLarge('maxCommitChanges')] : []),
      ...(bytes > maxCommitBytes ? [tooLarge('maxCommitBytes')] : []),
    ];
  }
}

function hasCommits({ capabilities }: Model): boolean {
  return capabilities.planes.includes('atomic-commit');
}

function changeOn(side: Side, change: DrawnChange): Change {
  const { path } = change;
  switch (change.do) {
    case 'put':
      return { put: path, entry: copyOf(change.entry), expectation: side.expectation(path, change.expected) };
    case 'delete':
      return { delete: path, expectation: side.expectation(path, change.expected) };
    case 'check':
      return { check: path, expectation: side.expectation(path, change.expected) as 'absent' | { version: string } };
  }
}

/** The refusals of a change for what is not claimed. */
function missingFor(model: Model, change: DrawnChange): string[] {
  const { path, expected } = change;
  const unsupported = expected !== 'any' && !model.capabilities.conditionalDelete ? ['conditionalDelete'] : [];
  const missing =
    change.do === 'put' ? model.missingFor(change.entry, change.expected) : change.do === 'delete' ? unsupported : [];
  return missing.map((capability) => describeFailure({ code: 'UNSUPPORTED', operation: 'commit', path, capability }));
}

const changes = (places: Places): fc.Arbitrary<DrawnChange> =>
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('put' as const),
        path: places.paths,
        entry: entries,
        expected: holdingExpectations(places),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('delete' as const),
        path: places.paths,
        expected: fc.oneof(fc.constant('any' as const), deleteExpectations(places)),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('check' as const),
        path: places.paths,
        expected: putExpectations(places).map((expected) => (expected === 'any' ? 'absent' : expected)),
      }),
    },
  );

/** Commits of a few changes, whose expectations mostly hold. */
export const commits = (places: Places): fc.Arbitrary<Operation> =>
  fc
    .tuple(fc.uniqueArray(changes(places), { minLength: 1, maxLength: 5, selector: ({ path }) => path }), patiences)
    .map((given) => new Commit(...given));
