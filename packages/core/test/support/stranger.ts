import type { RootFilesystem } from '../../src/filesystem/root-filesystem.ts';

const METHODS = ['get', 'put', 'delete', 'list', 'entries', 'capabilitiesAt', 'close'] as const;

/**
 * A filesystem that passes everything on and has none of our classes, as a stranger's has.
 *
 * @param changes methods that do something else
 * @param passOn what the options, or the last argument, are passed on as
 */
export function stranger(
  filesystem: RootFilesystem,
  changes: Partial<Record<(typeof METHODS)[number], unknown>> = {},
  passOn: (options: unknown) => unknown = (options) => options,
): RootFilesystem {
  const methods = METHODS.map((method) => [
    method,
    (...given: unknown[]): unknown =>
      (filesystem[method] as (...args: unknown[]) => unknown).call(
        filesystem,
        ...given.slice(0, -1),
        passOn(given.at(-1)),
      ),
  ]);
  return { ...Object.fromEntries(methods), ...changes } as RootFilesystem;
}
