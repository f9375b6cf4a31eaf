import { root } from '../toolchain/root.mjs';
import { allPackages } from '../lib/workspace.ts';
import { importProblems } from './boundaries/imports.ts';
import { manifestProblems } from './boundaries/manifests.ts';
import { referenceProblems } from './boundaries/references.ts';

/** Dependencies point one way, and what imports, manifests and project references say of them is the same. */
export function checkBoundaries(workspace: string = root): string[] {
  const packages = allPackages(workspace);
  return [
    ...packages.flatMap(manifestProblems),
    ...packages.flatMap((it) => importProblems(it, packages, workspace)),
    ...referenceProblems(packages, workspace),
  ];
}
