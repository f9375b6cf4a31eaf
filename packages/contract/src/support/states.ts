import type { EntryInput, RootFilesystem, Version } from '@holdfast/core';
import { mintVersion } from '@holdfast/core/adapter';
import type { ScenarioContext } from '../running/scenario-context.ts';
import { file, record } from './bodies.ts';
import { check, checkEqual } from './check.ts';

/** A version that was never the version of anything. */
export const FOREIGN: Version = mintVersion();

/** What happened to a path before the scenario acts on it. */
export type PathState = 'never-written' | 'present' | 'deleted' | 'recreated';

/** The versions a path has had, where the backend has versions. */
export interface History {
  readonly current: Version | undefined;
  readonly stale: Version | undefined;
}

/** Brings a path into a state with writes that every backend takes. */
export async function bringTo(state: PathState, { filesystem }: ScenarioContext, path: string): Promise<History> {
  if (state === 'never-written') return { current: undefined, stale: undefined };
  const stale = (await filesystem.put(path, file('first'), 'any')).version;
  if (state === 'present') {
    return { stale, current: (await filesystem.put(path, file('second'), 'any')).version };
  }
  await filesystem.delete(path, 'any');
  if (state === 'deleted') return { stale, current: undefined };
  return { stale, current: (await filesystem.put(path, file('second'), 'any')).version };
}

/** Runs something that must be refused and checks that nothing at all changed in the store. */
export async function changesNothing(context: ScenarioContext, refused: () => Promise<unknown>): Promise<void> {
  const before = await context.everything();
  await refused();
  checkEqual(await context.everything(), before, 'the store after a refusal');
}

/** An entry of the most demanding sort that the backend takes. */
export function entry(context: ScenarioContext, text: string): EntryInput {
  return context.claims.records ? record(text) : file(text);
}

/** Writes whatever is there and gives the version, which must be there. */
export async function putVersioned(filesystem: RootFilesystem, path: string, text: string): Promise<Version> {
  const { version } = await filesystem.put(path, file(text), 'any');
  check(version !== undefined, 'a versioned backend to answer a put with a version');
  return version;
}
