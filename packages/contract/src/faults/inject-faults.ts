import {
  invalidArgument,
  type BaseFilesystem,
  type CommitRequest,
  type DeleteRequest,
  type PathRange,
  type PutRequest,
} from '@holdfast/core/adapter';
import { FaultPlan } from './fault-plan.ts';

type Method = (...args: never[]) => Promise<unknown>;
const METHODS = ['_get', '_put', '_delete', '_list', '_scan'] as const;
type Methods = Record<(typeof METHODS)[number], Method> & { _getMany?: Method; _commit?: Method };

/**
 * Puts a fault plan between an adapter's public methods and its own: what fails here is what the backend would
 * have failed, so everything that the base class does about it is under test.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function injectFaults(adapter: BaseFilesystem): FaultPlan {
  if (!METHODS.every((name) => typeof (adapter as unknown as Partial<Methods> | undefined)?.[name] === 'function')) {
    throw invalidArgument('adapter', 'one that extends BaseFilesystem', adapter);
  }
  const plan = new FaultPlan();
  // The protected methods are the adapter's own business for everybody but this function.
  const target = adapter as unknown as Methods;
  const original: Methods = {
    _get: target._get.bind(adapter),
    _put: target._put.bind(adapter),
    _delete: target._delete.bind(adapter),
    _list: target._list.bind(adapter),
    _scan: target._scan.bind(adapter),
  };
  const call = (method: (typeof METHODS)[number], args: unknown[]): Promise<unknown> =>
    original[method](...(args as never[]));
  const replaced: Record<(typeof METHODS)[number], (...args: unknown[]) => Promise<unknown>> = {
    _get: (...args) =>
      plan.around({ operation: 'get', path: args[0] as string, expectation: undefined }, () => call('_get', args)),
    _put: (...args) => plan.around({ operation: 'put', ...addressed(args[0] as PutRequest) }, () => call('_put', args)),
    _delete: (...args) =>
      plan.around({ operation: 'delete', ...addressed(args[0] as DeleteRequest) }, () => call('_delete', args)),
    _list: (...args) =>
      plan.around({ operation: 'list', path: args[0] as string, expectation: undefined }, () => call('_list', args)),
    _scan: (...args) =>
      plan.around({ operation: 'scan', path: (args[0] as PathRange).from, expectation: undefined }, () =>
        call('_scan', args),
      ),
  };
  Object.assign(target, replaced);
  // What not every adapter has.
  const getMany = target._getMany?.bind(adapter);
  if (getMany !== undefined) {
    target._getMany = (...args: unknown[]) => {
      const [path = '/'] = args[0] as readonly string[];
      return plan.around({ operation: 'getMany', path, expectation: undefined }, () => getMany(...(args as never[])));
    };
  }
  const commit = target._commit?.bind(adapter);
  if (commit !== undefined) {
    target._commit = (...args: unknown[]) =>
      plan.around({ operation: 'commit', ...committed(args[0] as CommitRequest) }, () => commit(...(args as never[])));
  }
  return plan;
}

function committed(request: CommitRequest) {
  return { path: request.changes[0]?.path ?? '/', expectation: undefined, request };
}

function addressed(request: PutRequest | DeleteRequest) {
  return { path: request.path, expectation: request.expectation, request };
}
