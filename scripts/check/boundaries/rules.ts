interface Rule {
  /** What the published code may use of the other packages. */
  readonly sources: readonly string[];
  /** What its tests may use as well. */
  readonly tests: readonly string[];
}

/** Who may depend on whom. A package that is not listed may not exist. */
const rules: Readonly<Record<string, Rule>> = {
  core: { sources: [], tests: [] },
  contract: { sources: ['core'], tests: ['memory'] },
  memory: { sources: ['core'], tests: ['contract'] },
  'local-disk': { sources: ['core'], tests: ['contract', 'test-support'] },
  sql: { sources: ['core'], tests: ['contract', 'test-support'] },
  sqlite: { sources: ['core', 'sql'], tests: ['contract', 'test-support'] },
  libsql: { sources: ['core', 'sql'], tests: ['contract', 'test-servers', 'test-support'] },
  postgres: { sources: ['core', 'sql'], tests: ['contract', 'test-servers', 'test-support'] },
};

/** Its users choose what else they install, so this one brings nothing and runs wherever JavaScript does. */
export const standalone = 'packages/core';

const scope = '@holdfast/';

/** The rule for a package folder, with full package names; `undefined` if none was written. */
export function ruleFor(folder: string): Rule | undefined {
  const rule = rules[folder.replace('packages/', '')];
  if (rule === undefined) return undefined;
  return { sources: rule.sources.map((it) => scope + it), tests: rule.tests.map((it) => scope + it) };
}

/** Whether a module or dependency name is one of ours. */
export function isOurs(name: string): boolean {
  return name.startsWith(scope);
}
