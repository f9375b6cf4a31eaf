import { AsyncLocalStorage } from 'node:async_hooks';
import { isHoldfastError, type ErrorCode, type OperationName } from '@holdfast/core';
import { saysWhere } from '../support/host-places.ts';

/** A refusal or failure that the model foresees. */
export interface Failure {
  readonly code: ErrorCode;
  readonly operation: OperationName;
  readonly path: string | undefined;
  /** Of a commit that does not fit, all paths whose expectations do not hold. */
  readonly paths?: readonly string[] | undefined;
  readonly capability?: string | undefined;
}

const MUTATIONS: readonly OperationName[] = ['put', 'delete', 'casUpdate', 'commit'];

/**
 * A failure as text. All that the model foresees are found out before anything is sent, so the outcome of a mutation
 * is `not-applied`; and only time can make the same call succeed.
 */
export function describeFailure({ code, operation, path, paths, capability }: Failure): string {
  return text({
    code,
    operation,
    path,
    paths: paths?.join(),
    outcome: MUTATIONS.includes(operation) ? 'not-applied' : undefined,
    retryable: code === 'TIMEOUT',
    capability,
  });
}

/** What was thrown last in an operation, beside the text of it. */
const thrownIn = new AsyncLocalStorage<{ thrown: unknown }>();

/** Makes a call and gives what it answered as text, also when it threw. `own` is an error that must come back as it is. */
export async function answerTo(call: () => Promise<string>, own?: Error): Promise<string> {
  try {
    return await call();
  } catch (thrown) {
    const told = thrownIn.getStore();
    if (told !== undefined) told.thrown = thrown;
    if (thrown === own) return `the caller's own error`;
    if (!isHoldfastError(thrown)) return `an error that is no HoldfastError: ${String(thrown)}`;
    const { code, operation, path, paths, outcome, retryable, capability } = thrown;
    const said = text({ code, operation, path, paths: paths?.join(), outcome, retryable, capability });
    return saysWhere(thrown) ? `${said}, which says where on the host something is` : said;
  }
}

/** The same with the error itself, where the answer is one. */
export async function answerAndThrown(call: () => Promise<string>): Promise<{ given: string; thrown: unknown }> {
  const told: { thrown: unknown } = { thrown: undefined };
  const given = await thrownIn.run(told, () => answerTo(call));
  return { given, thrown: told.thrown };
}

function text({ code, ...fields }: Readonly<Record<string, string | boolean | undefined>>): string {
  const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== false);
  return [code, ...shown.map(([name, value]) => `${name}=${JSON.stringify(value)}`)].join(' ');
}
