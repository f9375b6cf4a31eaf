import type { WorkspacePackage } from '../../lib/workspace.ts';
import { declaredDependencies, requiredDependencies, runtimeDependencies } from './dependencies.ts';
import { isOurs, ruleFor, standalone } from './rules.ts';

/** Where the dependencies in a package.json go against the rules. */
export function manifestProblems(it: WorkspacePackage): string[] {
  if (!it.published) return [];
  const rule = ruleFor(it.folder);
  if (rule === undefined) return [`${it.folder}: scripts/check/boundaries/rules.ts does not say what it may use`];

  const file = `${it.folder}/package.json`;
  const runtime = [...runtimeDependencies(it)];
  const forTests = [...declaredDependencies(it)].filter((name) => !runtime.includes(name));
  const allowedInTests = [...rule.sources, ...rule.tests];

  const problems = [
    ...runtime.filter((name) => isOurs(name) && !rule.sources.includes(name)),
    ...forTests.filter((name) => isOurs(name) && !allowedInTests.includes(name)),
  ].map((name) => `${file}: must not depend on ${name}`);
  const required = [...requiredDependencies(it)];
  if (it.folder === standalone && required.length > 0) {
    problems.push(`${file}: must not depend on anything, but names ${required.join(', ')}`);
  }
  return problems;
}
