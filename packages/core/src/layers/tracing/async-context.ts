/** Runs something in the async context of another place. */
export type InContext = <T>(run: () => T) => T;

/**
 * Keeps the async context it is called in, and with it the active span, for what runs later. Where the runtime has no
 * such contexts, things run in the context they are run in.
 */
export function keepContext(): InContext {
  const hooks = globalThis.process?.getBuiltinModule?.('node:async_hooks');
  return hooks?.AsyncLocalStorage.snapshot() ?? ((run) => run());
}
