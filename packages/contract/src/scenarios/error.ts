import { inspect } from 'node:util';
import {
  CasApply,
  casUpdate,
  ERROR_CODES,
  HoldfastError,
  isHoldfastError,
  jsonCodec,
  type ErrorCode,
  type OperationName,
} from '@holdfast/core';
import { always, type Scenario } from '../scenario.ts';
import { file, record } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import type { FaultOperation } from '../faults/fault-plan.ts';
import { causesOf, saysWhere } from '../support/host-places.ts';
import { FOREIGN } from '../support/states.ts';
import { OPERATIONS } from './abort.ts';

const PATH = '/error/entry';
const CANARY = 'hunter2-canary';

/** A body that a store may take steps of its own for, in bytes. */
const LARGE = 300_000;

const BACKEND_CALLS: readonly FaultOperation[] = ['get', 'getMany', 'put', 'delete', 'list', 'scan'];

// Those that only a backend can be the reason for.
const RAISED_BY_ADAPTERS = [
  'ACCESS_DENIED', 'BUSY', 'UNAVAILABLE', 'STORAGE_FULL', 'CORRUPT', 'PATH_CONFLICT', 'SCHEMA_UNSUPPORTED', 'TIMEOUT',
] as const; // prettier-ignore

/** A call that is refused: with which code, in which operation, at which path. */
type Refusal = [ErrorCode, OperationName, string | undefined, () => Promise<unknown>];

/** Everything that is logged of an error, and of what it was caused by. */
function shownOf(error: unknown): string[] {
  return [
    String(error),
    String((error as Error | undefined)?.stack),
    JSON.stringify(error) ?? '',
    inspect(error),
    inspect({ error }),
    inspect(new Error('outer', { cause: error })),
    inspect(error, { showHidden: true, depth: 9 }),
    ...causesOf(error).flatMap((cause) => [cause.message, String(cause.stack), inspect(cause)]),
  ];
}

/** What a call throws; `undefined` when it succeeds. */
function thrownBy(call: () => Promise<unknown>): Promise<unknown> {
  return Promise.resolve()
    .then(call)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
}

/** One table of errors for every backend: typed, located, honest and discreet. */
export const errorScenarios: readonly Scenario[] = [
  always(
    'error.refusals',
    'every refusal names the operation and the path, and for a write says that nothing was applied',
    async (context) => {
      const { filesystem, claims } = context;
      await filesystem.put(PATH, file('x'), 'any');
      const refusals: Refusal[] = [
        ['INVALID_PATH', 'get', undefined, () => filesystem.get('/a/../b')],
        ['INVALID_PATH', 'put', undefined, () => filesystem.put('/a/../b', file('y'), 'any')],
        ['INVALID_PATH', 'delete', undefined, () => filesystem.delete('/a/../b', 'any')],
        ['INVALID_PATH', 'list', undefined, () => filesystem.list('/a/../b')],
        ['INVALID_PATH', 'entries', undefined, () => filesystem.entries('/a/../b').next()],
        ['INVALID_ARGUMENT', 'get', PATH, () => filesystem.get(PATH, { timeoutMs: -1 })],
        ['INVALID_ARGUMENT', 'put', PATH, () => filesystem.put(PATH, file('y'), 'wrong' as 'any')],
        ['INVALID_ARGUMENT', 'delete', PATH, () => filesystem.delete(PATH, 'absent' as 'any')],
        ['INVALID_ARGUMENT', 'list', '/error', () => filesystem.list('/error', { limit: 0 })],
        ['INVALID_ARGUMENT', 'entries', '/error', () => filesystem.entries('/error', { pageSize: 0 }).next()],
        [
          claims.cas === 'none' ? 'UNSUPPORTED' : 'VERSION_MISMATCH',
          'put',
          PATH,
          () => filesystem.put(PATH, file('y'), 'absent'),
        ],
        [
          claims.conditionalDelete ? 'VERSION_MISMATCH' : 'UNSUPPORTED',
          'delete',
          PATH,
          () => filesystem.delete(PATH, { version: FOREIGN }),
        ],
      ];
      if (claims.maxBodyBytes <= 2 ** 26) {
        const body = new Uint8Array(claims.maxBodyBytes + 1);
        refusals.push(['BODY_TOO_LARGE', 'put', PATH, () => filesystem.put(PATH, { body }, 'any')]);
      }
      for (const [code, operation, path, call] of refusals) {
        const thrown = await Promise.resolve()
          .then(call)
          .then(
            () => undefined,
            (error: unknown) => ({ error }),
          );
        // What is not refused at all, or with another code, is the business of other scenarios.
        if (thrown === undefined) continue;
        const { error } = thrown;
        check(isHoldfastError(error), `a typed error of ${operation}`);
        if (error.code !== code) continue;
        checkEqual(error.operation, operation, `the operation of ${code}`);
        checkEqual(error.path, path, `the path of ${code} of ${operation}`);
        const mutates = operation === 'put' || operation === 'delete';
        checkEqual(error.outcome, mutates ? 'not-applied' : undefined, `the outcome of ${code} of ${operation}`);
        checkEqual(error.retryable, false, `retryable of ${code} of ${operation}`);
      }
    },
  ),
  always(
    'error.unclassified',
    'what an adapter did not classify arrives typed, located, and with an unknown outcome for writes',
    async (context) => {
      const faults = context.faults();
      for (const on of BACKEND_CALLS)
        faults.add({
          on,
          when: 'before',
          effect: () => {
            throw new TypeError('raw');
          },
        });
      for (const { name, mutates, call } of OPERATIONS) {
        const error = await checkRejects(
          () => call(context.filesystem, {}),
          { code: mutates ? 'OUTCOME_UNKNOWN' : 'BACKEND_FAILED' },
          name,
        );
        checkEqual(error.operation, name, 'the operation');
        checkEqual(error.path, name === 'list' || name === 'entries' ? '/abort' : '/abort/entry', 'the path');
        checkEqual(error.outcome, mutates ? 'unknown' : undefined, 'the outcome');
        checkEqual(error.retryable, false, 'retryable');
      }
    },
  ),
  always(
    'error.classified',
    'every code that an adapter raises arrives as it is, with operation, path and outcome',
    async (context) => {
      const faults = context.faults();
      for (const code of RAISED_BY_ADAPTERS) {
        faults.clear();
        for (const on of BACKEND_CALLS)
          faults.add({
            on,
            when: 'before',
            effect: () => {
              throw new HoldfastError(code, 'raised', { outcome: 'not-applied' });
            },
          });
        for (const { name, mutates, call } of OPERATIONS) {
          const error = await checkRejects(() => call(context.filesystem, {}), { code }, name);
          checkEqual(error.operation, name, 'the operation');
          checkEqual(error.path, name === 'list' || name === 'entries' ? '/abort' : '/abort/entry', 'the path');
          checkEqual(error.outcome, mutates ? 'not-applied' : undefined, 'the outcome');
          checkEqual(error.retryable, ERROR_CODES[code].retryable, 'retryable');
        }
      }
    },
  ),
  always(
    'error.discreet',
    'no error shows what the driver said, a secret or a body, in any form that is logged',
    async (context) => {
      const faults = context.faults();
      const leaky = Object.assign(new Error(`connect postgres://app:${CANARY}@10.0.0.1/db`), {
        code: CANARY,
        path: `/srv/${CANARY}`,
      });
      for (const on of BACKEND_CALLS)
        faults.add({
          on,
          when: 'before',
          effect: () => {
            throw leaky;
          },
        });
      const calls = [
        ...OPERATIONS.map(
          ({ call }) =>
            () =>
              call(context.filesystem, {}),
        ),
        () => context.filesystem.put('/error/secret', file(CANARY), 'wrong' as 'any'),
      ];
      for (const call of calls) {
        for (const shown of shownOf(await thrownBy(call))) {
          check(!shown.includes(CANARY), "an error without the driver's words");
        }
      }
    },
  ),
  always(
    'error.without-bodies',
    'no refusal of the backend itself shows a body, the one that was sent or the one that is there, or a place of the host',
    async ({ filesystem, claims }) => {
      const stored = claims.records ? record(CANARY) : file(CANARY);
      const sent = claims.records ? record(`${CANARY} again`) : file(`${CANARY} again`);
      const large = { body: new Uint8Array(Math.min(LARGE, claims.maxBodyBytes)) };
      await filesystem.put(PATH, stored, 'any');
      const aborted = AbortSignal.abort(new Error('reason'));
      const refused: (() => Promise<unknown>)[] = [
        () => filesystem.put(PATH, sent, 'absent'),
        () => filesystem.put(PATH, sent, { version: FOREIGN }),
        () => filesystem.delete(PATH, { version: FOREIGN }),
        () => filesystem.delete('/error/nothing', { version: FOREIGN }),
        () => filesystem.put('/error/nothing', sent, { version: FOREIGN }),
        () => filesystem.put('/error/nothing', large, { version: FOREIGN }),
        () => filesystem.put(PATH, large, 'absent'),
        () => filesystem.put(`${PATH}/below`, large, 'absent'),
        () => filesystem.get(`${PATH}/below`),
        () => filesystem.delete(`${PATH}/below`, 'any'),
        () => filesystem.get('/error'),
        () => filesystem.delete('/error', 'any'),
        () => filesystem.list(`${PATH}/below`),
        () => filesystem.entries(`${PATH}/below`).next(),
        () => filesystem.put(`${PATH}/below`, sent, 'any'),
        () => filesystem.put('/error', sent, 'any'),
        () => filesystem.list(PATH),
        () => filesystem.put(`/${'long'.repeat(2000)}`, sent, 'any'),
        () => filesystem.put(PATH, sent, 'any', { signal: aborted }),
        () => filesystem.put(PATH, sent, 'any', { timeoutMs: 0 }),
        () => filesystem.put(PATH, { ...sent, contentType: 'no type' }, 'any'),
        () => filesystem.put(PATH, { ...sent, kind: 'no kind' }, 'any'),
        () => filesystem.put(PATH, { ...sent, indexed: { count: NaN } }, 'any'),
        () => casUpdate(filesystem, PATH, jsonCodec<string>({ kind: 'contract' }), () => CasApply.noOp()),
        () => filesystem.close().then(() => filesystem.put(PATH, sent, 'any')),
      ];
      for (const call of refused) {
        const thrown = await thrownBy(call);
        for (const shown of shownOf(thrown)) check(!shown.includes(CANARY), 'an error without a body');
        check(!saysWhere(thrown), 'an error, and causes, that do not say where on the host something is');
      }
    },
  ),
];
