import type { SqlProfile } from '../profile.ts';
import type { Tables } from '../schema/tables.ts';
import { createCompiler } from './compiler.ts';
import { listChildren, type ListChildren } from './list-children.ts';
import { readStatements, type ReadStatements } from './read-statements.ts';
import { writeStatements, type WriteStatements } from './write-statements.ts';

/** Every statement an adapter runs once its schema is there. */
export interface Statements extends ReadStatements, WriteStatements {
  readonly list: ListChildren;
}

/** Compiles every statement for these tables. */
export function createStatements(profile: SqlProfile, tables: Tables): Statements {
  const compiler = createCompiler(profile, tables);
  return Object.freeze({
    ...readStatements(compiler),
    ...writeStatements(compiler),
    list: listChildren(compiler),
  });
}
