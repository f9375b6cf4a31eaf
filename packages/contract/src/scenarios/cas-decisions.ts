import { CasApply, casUpdate, type CasContext, type RecordCodec } from '@holdfast/core';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { claimed, type Scenario, type ScenarioId } from '../scenario.ts';
import { check, checkEqual } from '../support/check.ts';
import {
  countAt,
  counterCodec,
  refusesCasDelete,
  refusesCasUpdate,
  setCount,
  type Counter,
} from '../support/counter.ts';
import { changesNothing } from '../support/states.ts';

const PATH = '/cas/record';

function cas(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records'], { run, unclaimed: refusesCasUpdate });
}

/** The same for updates that delete. */
function casDelete(id: ScenarioId, title: string, run: (context: ScenarioContext) => Promise<void>): Scenario {
  return claimed(id, title, ['versioned', 'records', 'conditionalDelete'], { run, unclaimed: refusesCasDelete });
}

/** A codec that hands out the very bytes it was given. */
const bytesCodec: RecordCodec<Uint8Array> = {
  encode: (body) => ({ body, kind: 'bytes' }),
  decode: (stored) => stored.body,
};

/** What `apply` can decide, and what comes of it. */
export const casDecisionScenarios: readonly Scenario[] = [
  cas('cas.write', 'write creates and replaces, and the result tells what happened', async ({ filesystem }) => {
    for (const count of [1, 2]) {
      const result = await casUpdate(filesystem, PATH, counterCodec, (current) =>
        CasApply.write({ count: (current?.count ?? 0) + 1 }, 'done'),
      );
      checkEqual(result.version, (await filesystem.get(PATH))?.version, 'the version');
      checkEqual(
        { ...result, version: '' },
        { outcome: 'done', snapshot: { count }, version: '', written: true, attempts: 1 },
        'the result',
      );
    }
  }),
  cas(
    'cas.no-op',
    'noOp changes nothing and still gives its outcome, where a record is and where none is',
    async (context) => {
      const { filesystem } = context;
      const nothing = await casUpdate(filesystem, PATH, counterCodec, () => CasApply.noOp('kept'));
      checkEqual(
        nothing,
        { outcome: 'kept', snapshot: undefined, version: undefined, written: false, attempts: 1 },
        'the result without a record',
      );
      await setCount(filesystem, PATH, 1);
      await changesNothing(context, async () => {
        const { outcome, snapshot, written } = await casUpdate(filesystem, PATH, counterCodec, () =>
          CasApply.noOp('kept'),
        );
        checkEqual(
          { outcome, snapshot, written },
          { outcome: 'kept', snapshot: { count: 1 }, written: false },
          'the result',
        );
      });
    },
  ),
  cas('cas.equal-write', 'write of what is stored already is skipped and keeps the version', async (context) => {
    await setCount(context.filesystem, PATH, 1);
    await changesNothing(context, async () => {
      const { written, snapshot } = await casUpdate(context.filesystem, PATH, counterCodec, (current) =>
        CasApply.write({ count: current?.count ?? 0 }),
      );
      checkEqual(written, false, 'written');
      checkEqual(snapshot, { count: 1 }, 'the record');
    });
  }),
  cas(
    'cas.equal-bytes-only',
    'write is not skipped when only the content type, the kind or the indexed projection differs',
    async ({ filesystem, claims }) => {
      const body = new TextEncoder().encode('same');
      const inputs = [
        { body, kind: 'a' },
        { body, kind: 'b' },
        ...(claims.contentTypes ? [{ body, kind: 'b', contentType: 'text/html' }] : []),
        ...(claims.indexed
          ? [
              { body, kind: 'b', indexed: {} },
              { body, kind: 'b', indexed: { a: 1 } },
              { body, kind: 'b', indexed: { a: '1' } },
            ]
          : []),
      ];
      for (const input of inputs) {
        const codec: RecordCodec<string> = { encode: () => input, decode: () => 'same' };
        checkEqual((await casUpdate(filesystem, PATH, codec, () => CasApply.write('same'))).written, true, 'written');
        checkEqual(
          (await casUpdate(filesystem, PATH, codec, () => CasApply.write('same'))).written,
          false,
          'written again',
        );
      }
    },
  ),
  cas('cas.force-write', 'forceWrite of what is stored already moves the version', async ({ filesystem }) => {
    const before = await setCount(filesystem, PATH, 1);
    const { version, written } = await casUpdate(filesystem, PATH, counterCodec, () =>
      CasApply.forceWrite({ count: 1 }),
    );
    checkEqual(written, true, 'written');
    check(version !== before, 'a new version');
    checkEqual((await filesystem.get(PATH))?.version, version, 'the version');
  }),
  cas(
    'cas.mutate-in-place',
    'an apply that changes current in place and returns it still writes',
    async ({ filesystem }) => {
      await setCount(filesystem, PATH, 1);
      const result = await casUpdate(filesystem, PATH, counterCodec, (current) => {
        (current as Counter).count += 10;
        return CasApply.write(current as Counter);
      });
      checkEqual(result.written, true, 'written');
      checkEqual(await countAt(filesystem, PATH), 11, 'the counter');
    },
  ),
  cas(
    'cas.mutate-bytes-in-place',
    'so does one whose codec hands out the stored bytes themselves',
    async ({ filesystem }) => {
      await filesystem.put(PATH, { body: Uint8Array.of(1, 2, 3), kind: 'bytes' }, 'any');
      const result = await casUpdate(filesystem, PATH, bytesCodec, (current) => {
        (current as Uint8Array)[0] = 9;
        return CasApply.write(current as Uint8Array);
      });
      checkEqual(result.written, true, 'written');
      checkEqual(Array.from((await filesystem.get(PATH))?.body ?? []), [9, 2, 3], 'the body');
    },
  ),
  cas(
    'cas.mutate-and-keep',
    'what an apply changed in place before a noOp is neither reported as the record nor stored',
    async (context) => {
      await setCount(context.filesystem, PATH, 1);
      await changesNothing(context, async () => {
        const { snapshot } = await casUpdate(context.filesystem, PATH, counterCodec, (current) => {
          (current as Counter).count = 99;
          return CasApply.noOp();
        });
        checkEqual(snapshot, { count: 1 }, 'the record');
      });
    },
  ),
  casDelete(
    'cas.delete',
    'delete removes the record and gives its own outcome, also where none is',
    async ({ filesystem }) => {
      const absent = await casUpdate(filesystem, PATH, counterCodec, () => CasApply.delete('gone'));
      checkEqual(
        absent,
        { outcome: 'gone', snapshot: undefined, version: undefined, written: false, attempts: 1 },
        'the result without a record',
      );
      await setCount(filesystem, PATH, 1);
      const result = await casUpdate(filesystem, PATH, counterCodec, () => CasApply.delete('gone'));
      checkEqual(
        result,
        { outcome: 'gone', snapshot: undefined, version: undefined, written: true, attempts: 1 },
        'the result',
      );
      checkEqual(await filesystem.get(PATH), undefined, 'the entry');
    },
  ),
  casDelete(
    'cas.delete-and-recreate',
    'a record that is recreated right after its delete is seen in the result',
    async (context) => {
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      context.faults().add({
        on: 'delete',
        nth: 1,
        when: 'after',
        effect: async () => {
          await casUpdate(filesystem, PATH, counterCodec, () => CasApply.write({ count: 70 }));
        },
      });
      const result = await casUpdate(filesystem, PATH, counterCodec, () => CasApply.delete('gone'));
      checkEqual(
        { outcome: result.outcome, snapshot: result.snapshot, written: result.written },
        { outcome: 'gone', snapshot: { count: 70 }, written: true },
        'the result',
      );
      checkEqual(result.version, (await filesystem.get(PATH))?.version, 'the version');
    },
  ),
  cas(
    'cas.recreated-meanwhile',
    'a record that is deleted and recreated between read and write is read again',
    async (context) => {
      const { filesystem } = context;
      await setCount(filesystem, PATH, 1);
      const seen: (number | undefined)[] = [];
      const { attempts } = await casUpdate(filesystem, PATH, counterCodec, async (current) => {
        seen.push(current?.count);
        if (seen.length === 1) {
          await filesystem.delete(PATH, 'any');
          await casUpdate(filesystem, PATH, counterCodec, () => CasApply.write({ count: 1 }));
        }
        return CasApply.write({ count: (current?.count ?? 0) + 10 });
      });
      checkEqual({ seen, attempts }, { seen: [1, 1], attempts: 2 }, 'what apply saw');
      checkEqual(await countAt(filesystem, PATH), 11, 'the counter');
    },
  ),
  cas(
    'cas.context',
    'apply is told the path, the attempt, the version and the time that is left',
    async ({ filesystem }) => {
      const version = await setCount(filesystem, PATH, 1);
      let seen: CasContext | undefined;
      await casUpdate(
        filesystem,
        PATH,
        counterCodec,
        (_current, context) => {
          seen = context;
          return CasApply.noOp();
        },
        { timeoutMs: 9_000 },
      );
      check(seen !== undefined && Object.isFrozen(seen), 'a frozen context');
      checkEqual(
        { path: seen.path, attempt: seen.attempt, version: seen.version, aborted: seen.signal.aborted },
        { path: PATH, attempt: 1, version, aborted: false },
        'the context',
      );
      check(seen.remainingMs() > 0 && seen.remainingMs() <= 9_000, 'the time that is left to be within the deadline');
    },
  ),
];
