import { ERROR_CODES, HoldfastError, isHoldfastError } from '@holdfast/core';
import { always, type Scenario } from '../scenario.ts';
import { file } from '../support/bodies.ts';
import { check, checkEqual, checkRejects } from '../support/check.ts';
import type { FaultOperation } from '../faults/fault-plan.ts';
import { OPERATIONS } from './abort.ts';

const CANARY = 'hunter2-canary';
const BACKEND_CALLS: readonly FaultOperation[] = ['get', 'put', 'delete', 'list', 'scan'];

/** One table of errors for every backend: typed, located, honest and discreet. */
export const errorScenarios: readonly Scenario[] = [
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
      for (const code of [
        'BUSY',
        'UNAVAILABLE',
        'ACCESS_DENIED',
        'STORAGE_FULL',
        'CORRUPT',
        'PATH_CONFLICT',
      ] as const) {
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
      const { inspect } = await import('node:util');
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
        const error = await call().then(
          () => undefined,
          (thrown: unknown) => thrown,
        );
        check(isHoldfastError(error), 'a typed error');
        for (const shown of [
          error.message,
          String(error),
          error.stack ?? '',
          JSON.stringify(error),
          inspect(error),
          inspect({ error }),
          inspect(new Error('outer', { cause: error })),
          inspect(error, { showHidden: true, depth: 9 }),
        ]) {
          check(!shown.includes(CANARY), "an error without the driver's words");
        }
      }
    },
  ),
];
