import { rangeAfter, rangeBelow } from '../../paths/path-range.ts';
import { parseDirectory, type DirectoryPath } from '../../paths/virtual-path.ts';
import type { OperationLimits } from '../../filesystem/operation-options.ts';
import { Call } from '../call.ts';
import { makeOperation } from '../make-operation.ts';
import type { Operation } from '../operation.ts';
import type { OperationKind } from '../operation-kind.ts';
import type { Series } from '../series.ts';
import { parseEntriesOptions } from './entries-options.ts';
import type { EntriesPage } from './entries-page.ts';
import { entriesThrough } from './entries-through.ts';
import { openedPage } from './opened-page.ts';
import { StrangersEntries } from './strangers-entries.ts';

/** Which page of which iteration. */
interface EntriesArguments {
  readonly path: DirectoryPath;
  /** Where the page begins: a text to compare paths with, at or behind the beginning of what is below the directory. */
  readonly from: string;
  readonly pageSize: number;
  readonly pageBytes: number;
  /** Those of each page. */
  readonly limits: OperationLimits;
}

/** A page of the entries below a directory, bodies included. An iteration is a series of these. */
export type EntriesOperation = Operation<EntriesPage, EntriesArguments>;

const ENTRIES: OperationKind<EntriesPage, EntriesArguments> = {
  name: 'entries',
  changes: false,
  method: 'entries',
  touches: ({ path }) => [{ path, permissions: ['read', 'list'], isDirectory: true }],
  renamed: (args, rename) => ({ ...args, path: rename(args.path) }),
  through: entriesThrough,
  perform: (operation, backend) => {
    const { path, from, pageSize, pageBytes } = operation.args;
    return backend.read(operation, async (context) => {
      const range = { from, below: rangeBelow(path).below };
      const needs = { maxBytes: pageBytes, bodies: true, series: operation.call.series };
      const { entries, ended } = await backend.scan(path, { range, limit: pageSize }, needs, context);
      const last = entries.at(-1);
      return { entries, next: ended || last === undefined ? undefined : rangeAfter(range, last.path).from };
    });
  },
  ask: (filesystem, operation) => {
    const keep = (series: Series): StrangersEntries => new StrangersEntries(filesystem, series);
    const { series } = operation.call;
    return (series as Series).keep(filesystem, keep).page(operation);
  },
  opened: openedPage,
  told: ({ entries }) => ({ returned: entries.length }),
};

/** The first page of an iteration, as callers make it. */
export function makeEntries(prefix: unknown, options: unknown, series: Series): EntriesOperation {
  return makeOperation(ENTRIES, {
    path: () => parseDirectory(prefix as string),
    rest: (path) => {
      const { after, pageSize, pageBytes, signal, timeoutMs } = parseEntriesOptions(options);
      const limits = { signal, timeoutMs };
      const below = rangeBelow(path);
      const { from } = after === undefined ? below : rangeAfter(below, after);
      return { args: { path, from, pageSize, pageBytes, limits }, limits };
    },
    series,
  });
}

/** The page of the same iteration that begins elsewhere, with a time of its own. */
export function pageFrom(operation: EntriesOperation, from: string): EntriesOperation {
  const { args, call } = operation;
  return operation.with({ ...args, from }, Call.of(operation, args.limits, call.series));
}
