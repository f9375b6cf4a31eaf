import { CasApply, casUpdate, HoldfastError, type EntryInput } from '@holdfast/core';
import { defineCapabilities } from '@holdfast/core/adapter';
import type { Need } from '../needs.ts';
import { always, claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import { counterCodec } from '../support/counter.ts';
import { file, record } from '../support/bodies.ts';
import { changesNothing, FOREIGN } from '../support/states.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';

const PATH = '/gate/first';
const REFUSED = { code: 'UNSUPPORTED', outcome: 'not-applied' } as const;

/** Checks that a put is refused on a path that was never written, without a single backend call. */
async function refusesFirstWrite(
  context: ScenarioContext,
  entry: EntryInput,
  expectations: readonly ('absent' | 'any' | { version: string })[],
): Promise<void> {
  const faults = context.faults();
  await changesNothing(context, async () => {
    const before = faults.calls.length;
    for (const expectation of expectations) {
      await checkRejects(
        () => context.filesystem.put(PATH, entry, expectation),
        REFUSED,
        `put ${JSON.stringify(expectation)}`,
      );
    }
    checkEqual(faults.calls.length, before, 'the number of backend calls');
  });
}

const EVERY_EXPECTATION = ['absent', 'any', { version: FOREIGN }] as const;

/** The very first write of a sort of entry: it lands whole where the sort is claimed and is refused where not. */
function firstWrite(id: ScenarioId, what: string, need: Need, entry: EntryInput): Scenario {
  return claimed(id, `the first write of ${what} lands whole, or is refused before anything is touched`, [need], {
    async run({ filesystem, claims }) {
      await filesystem.put(PATH, entry, claims.cas === 'none' ? 'any' : 'absent');
      const stored = await filesystem.get(PATH);
      check(stored !== undefined, 'an entry');
      for (const field of ['kind', 'indexed', 'contentType'] as const) {
        if (entry[field] !== undefined) checkEqual(stored[field], entry[field], field);
      }
    },
    unclaimed: (context) => refusesFirstWrite(context, entry, EVERY_EXPECTATION),
  });
}

/** The capability gate: it knows, it fails closed, and it does so before anything happens. */
export const gateScenarios: readonly Scenario[] = [
  always(
    'gate.always-known',
    'capabilitiesAt answers every path at once, completely and the same every time',
    async ({ filesystem }) => {
      const paths = ['/', '/a', PATH, '/no/such/thing'];
      const atFirst = paths.map((path) => filesystem.capabilitiesAt(path));
      await filesystem.put(PATH, file('x'), 'any');
      for (const [index, path] of paths.entries()) {
        const claims = filesystem.capabilitiesAt(path);
        try {
          defineCapabilities(claims);
        } catch (error) {
          check(false, `complete and consistent capabilities at ${path}: ${(error as Error).message}`);
        }
        checkEqual(claims, atFirst[index], `the capabilities at ${path}, asked again after a write`);
      }
    },
  ),
  firstWrite('gate.first-record', 'a record', 'records', record('first')),
  firstWrite('gate.first-indexed', 'an indexed projection', 'indexed', { ...file('first'), indexed: { count: 1 } }),
  firstWrite('gate.first-content-type', 'a content type', 'contentTypes', {
    ...file('first'),
    contentType: 'text/plain',
  }),
  claimed(
    'gate.first-versioned',
    'a first write with a version does not match, or is refused before anything is touched',
    ['versioned'],
    {
      async run(context) {
        await changesNothing(context, () =>
          checkRejects(
            () => context.filesystem.put(PATH, file('first'), { version: FOREIGN }),
            { code: 'VERSION_MISMATCH', outcome: 'not-applied' },
            'put',
          ),
        );
      },
      unclaimed: (context) => refusesFirstWrite(context, file('first'), [{ version: FOREIGN }]),
    },
  ),
  claimed(
    'gate.first-absent',
    "a first write with 'absent' lands, or is refused before anything is touched",
    ['create'],
    {
      async run(context) {
        await context.filesystem.put(PATH, file('first'), 'absent');
        checkEqual(await context.text(PATH), 'first', 'the body');
      },
      unclaimed: (context) => refusesFirstWrite(context, file('first'), ['absent']),
    },
  ),
  claimed(
    'gate.conditional-delete',
    'a delete with a version is honoured, or refused before anything is touched',
    ['conditionalDelete'],
    {
      async run(context) {
        await context.filesystem.put(PATH, file('x'), 'any');
        await changesNothing(context, () =>
          checkRejects(
            () => context.filesystem.delete(PATH, { version: FOREIGN }),
            { code: 'VERSION_MISMATCH', outcome: 'not-applied' },
            'delete',
          ),
        );
      },
      async unclaimed(context) {
        await context.filesystem.put(PATH, file('x'), 'any');
        const faults = context.faults();
        await changesNothing(context, async () => {
          const before = faults.calls.length;
          await checkRejects(() => context.filesystem.delete(PATH, { version: FOREIGN }), REFUSED, 'delete');
          checkEqual(faults.calls.length, before, 'the number of backend calls');
        });
      },
    },
  ),
  claimed(
    'gate.cas-update',
    'casUpdate creates the first record, or is refused before it reads',
    ['versioned', 'records'],
    {
      async run({ filesystem }) {
        const { snapshot, written } = await casUpdate(filesystem, PATH, counterCodec, () =>
          CasApply.write({ count: 1 }),
        );
        checkEqual(snapshot?.count, 1, 'the record');
        checkEqual(written, true, 'written');
      },
      async unclaimed(context) {
        const faults = context.faults();
        let applied = 0;
        const update = () =>
          casUpdate(context.filesystem, PATH, counterCodec, () => {
            applied += 1;
            return CasApply.write({ count: 1 });
          });
        await changesNothing(context, async () => {
          const before = faults.calls.length;
          await checkRejects(update, { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' }, 'casUpdate');
          checkEqual(applied, 0, 'the number of times apply ran');
          checkEqual(faults.calls.length, before, 'the number of backend calls');
        });
      },
    },
  ),
  claimed(
    'gate.adapter-that-lied',
    'an UNSUPPORTED that comes only at the write reaches the caller of casUpdate as CAS_UNSUPPORTED',
    ['versioned', 'records'],
    {
      async run(context) {
        context.faults().add({
          on: 'put',
          when: 'before',
          effect: () => {
            throw new HoldfastError('UNSUPPORTED', 'not after all');
          },
        });
        await changesNothing(context, () =>
          checkRejects(
            () => casUpdate(context.filesystem, PATH, counterCodec, () => CasApply.write({ count: 1 })),
            { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' },
            'casUpdate',
          ),
        );
      },
      async unclaimed(context) {
        await changesNothing(context, () =>
          checkRejects(
            () => casUpdate(context.filesystem, PATH, counterCodec, () => CasApply.write({ count: 1 })),
            { code: 'CAS_UNSUPPORTED', outcome: 'not-applied' },
            'casUpdate',
          ),
        );
      },
    },
  ),
];
