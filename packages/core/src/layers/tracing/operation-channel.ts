import { OPERATION_CHANNEL } from './operation-message.ts';

/** The part of a channel of `node:diagnostics_channel` that is used. */
export interface OperationChannel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

/**
 * The channel for operations; `undefined` where the runtime has none. It is asked for and not imported, so that this
 * package also loads where there is no such module.
 */
export function operationChannel(): OperationChannel | undefined {
  return globalThis.process?.getBuiltinModule?.('node:diagnostics_channel')?.channel(OPERATION_CHANNEL);
}
