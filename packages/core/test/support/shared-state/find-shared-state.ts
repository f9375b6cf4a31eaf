import { posix } from 'node:path';
import { longLivedState } from './long-lived-values.ts';
import { outsideChanges } from './outside-changes.ts';
import { childAt, childrenAt, parseModule, placeOf, type Module, type Node, type Source } from './syntax.ts';
import { waitsForOthers } from './waits.ts';

/** Gives the text of a file by its path. */
export type Read = (file: string) => string;

/**
 * Everything in some files, and in what they import at run time, by which one call could wait for another. The
 * checks err on the side of finding too much: what is not known to be harmless is reported.
 */
export function findSharedState(entries: readonly string[], read: Read): string[] {
  return modulesFrom(entries, read).flatMap((module) => [
    ...foreignImports(module),
    ...longLivedState(module),
    ...outsideChanges(module),
    ...waitsForOthers(module),
  ]);
}

/** The files, with every file that they import at run time. */
export function modulesFrom(entries: readonly string[], read: Read): Module[] {
  const modules = new Map<string, Module>();
  const pending = [...entries];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    if (modules.has(file)) continue;
    const source: Source = { file, text: read(file) };
    const module = parseModule(source);
    modules.set(file, module);
    for (const { specifier } of runtimeImports(module)) {
      if (specifier.startsWith('.')) pending.push(posix.join(posix.dirname(file), specifier));
    }
  }
  return [...modules.values()];
}

function foreignImports(module: Module): string[] {
  return runtimeImports(module).flatMap(({ specifier, node }) =>
    specifier.startsWith('.') ? [] : [`${placeOf(module, node)}: ${specifier} cannot be looked into`],
  );
}

/** The imports and re-exports that are left when the types are gone. */
function runtimeImports({ program }: Module): { readonly specifier: string; readonly node: Node }[] {
  return childrenAt(program, 'body').flatMap((node) => {
    const source = childAt(node, 'source');
    const onlyTypes = node['importKind'] === 'type' || node['exportKind'] === 'type';
    const specifiers = childrenAt(node, 'specifiers');
    const eachType =
      specifiers.length > 0 && specifiers.every((it) => it['importKind'] === 'type' || it['exportKind'] === 'type');
    return source === undefined || onlyTypes || eachType ? [] : [{ specifier: source['value'] as string, node }];
  });
}
