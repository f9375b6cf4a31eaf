import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HoldfastError, type RootFilesystem } from '@holdfast/core';
import { invalidArgument } from '@holdfast/core/adapter';
import type { ChildHarness, ContractStore, Harness } from '../harness.ts';
import type { Scenario } from '../scenario.ts';

/** A harness that has been looked at, with its known gaps. */
export interface ParsedHarness {
  readonly harness: Harness;
  readonly gaps: ReadonlySet<string>;
}

/**
 * Checks a harness, before anything is opened.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, also when one of its known gaps names no scenario
 */
export function parseHarness(value: unknown, scenarios: readonly Scenario[]): ParsedHarness {
  if (!isObject(value)) throw invalidArgument('harness', 'an object with a name and a createStore', value);
  const { name, version, createStore, knownGaps = [] } = value as Partial<Record<keyof Harness, unknown>>;
  if (typeof name !== 'string' || name === '')
    throw invalidArgument('harness.name', 'a string that is not empty', name);
  if (version !== undefined && typeof version !== 'string')
    throw invalidArgument('harness.version', 'a string', version);
  if (typeof createStore !== 'function') throw invalidArgument('harness.createStore', 'a function', createStore);
  if (!Array.isArray(knownGaps)) throw invalidArgument('harness.knownGaps', 'an array of ids of scenarios', knownGaps);
  for (const gap of knownGaps as readonly unknown[]) {
    if (typeof gap !== 'string') throw invalidArgument('each of harness.knownGaps', 'the id of a scenario', gap);
    if (!scenarios.some(({ id }) => id === gap)) throw malformed(`harness.knownGaps names no scenario: ${gap}`);
  }
  return { harness: value as Harness, gaps: new Set(knownGaps as readonly string[]) };
}

/**
 * Checks what `createStore` gives.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseStore(value: unknown): ContractStore {
  if (!isObject(value)) throw invalidArgument('what createStore gives', 'a store, or a promise of one', value);
  for (const method of ['open', 'destroy'] as const) {
    const given = (value as Partial<Record<keyof ContractStore, unknown>>)[method];
    if (typeof given !== 'function') throw invalidArgument(`${method} of the store`, 'a function', given);
  }
  return value as ContractStore;
}

/**
 * Checks what `open` of a store gives.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function parseOpened(value: unknown): RootFilesystem {
  const filesystem = (value ?? {}) as Partial<Record<keyof RootFilesystem, unknown>>;
  const methods = ['capabilitiesAt', 'get', 'put', 'delete', 'list', 'entries', 'close'] as const;
  const missing = methods.find((method) => typeof filesystem[method] !== 'function');
  if (missing === undefined) return value as RootFilesystem;
  if (!isObject(value)) throw invalidArgument('what open gives', 'a filesystem, or a promise of one', value);
  throw invalidArgument(`${missing} of what open gives`, 'a function, as of every filesystem', filesystem[missing]);
}

/**
 * Checks how child processes open a store, and says with a URL where their module is: one without a scheme is a path,
 * and a relative one is so to the working directory.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`, also when there is no such file
 */
export function parseChild(value: unknown): ChildHarness {
  if (!isObject(value)) throw invalidArgument('child of the store', 'an object with a module', value);
  const { module, input } = value as Partial<Record<keyof ChildHarness, unknown>>;
  if (typeof module !== 'string' || module === '') {
    throw invalidArgument('child.module of the store', 'a URL or the path of a module', module);
  }
  const isPath = isAbsolute(module) || !URL.canParse(module);
  const url = isPath ? pathToFileURL(resolve(module)) : new URL(module);
  if (url.protocol === 'file:' && !existsSync(fileURLToPath(url))) {
    // A path that was given in full is the author's own, but errors have none of the host.
    const shown = isPath && !isAbsolute(module) ? `: ${module}, from the working directory` : '';
    throw malformed(`child.module of the store names no file${shown}`);
  }
  return { module: url.href, input };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function malformed(message: string): HoldfastError {
  return new HoldfastError('INVALID_ARGUMENT', message);
}
