import { HoldfastError, type EntryInput } from '@holdfast/core';
import { isUint8Array, type PutRequest } from '@holdfast/core/adapter';
import type { BackendCall } from '../faults/fault-plan.ts';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { always, type Scenario } from '../scenario.ts';
import { patternedBytes } from '../support/bodies.ts';
import { checkEqual } from '../support/check.ts';

const PATH = '/reply/request';

/** An entry with everything that the backend takes. */
function fullEntry({ claims: { contentTypes, records, indexed } }: ScenarioContext): EntryInput {
  return {
    body: patternedBytes(300),
    ...(contentTypes ? { contentType: 'text/x-same' } : {}),
    ...(records ? { kind: 'same' } : {}),
    ...(indexed ? { indexed: { count: 7, name: 'same' } } : {}),
  };
}

/** Everything of a request that decides what is written. */
function textOfRequest({ request }: BackendCall): string {
  const { path, expectation, version, entry } = (request ?? {}) as Partial<PutRequest>;
  const bytes = (_key: string, value: unknown): unknown => (isUint8Array(value) ? Array.from(value) : value);
  return JSON.stringify({ path, expectation, version, entry }, bytes);
}

/** What an adapter is handed. */
export const replyRequestScenarios: readonly Scenario[] = [
  always(
    'reply.same-request',
    'a write that is sent again is the same in every part, and no adapter changes what it is handed',
    async (context) => {
      const { filesystem, claims } = context;
      const version = (await filesystem.put(PATH, fullEntry(context), 'any')).version;
      const seen: string[] = [];
      const note = (call: BackendCall): void => void seen.push(textOfRequest(call));
      const faults = context.faults();
      faults.add({ on: 'put', when: 'before', effect: note }).add({ on: 'put', when: 'after', effect: note });
      if (claims.cas === 'versioned') {
        const effect = (): never => {
          throw new HoldfastError('UNAVAILABLE', 'the connection was cut', { outcome: 'unknown' });
        };
        faults.add({ on: 'put', nth: 1, when: 'before', effect });
      }
      const expectation = claims.cas === 'versioned' && version !== undefined ? { version } : 'any';
      // Whether it is sent again, and what becomes of it, other scenarios say.
      await filesystem.put(PATH, fullEntry(context), expectation).catch(() => {});
      for (const request of seen) checkEqual(request, seen[0], 'the request, whenever it is looked at');
    },
  ),
];
