// `npm run check` runs every check; `npm run check -- lint format` runs those two.

import { checkBoundaries } from './check/boundaries.ts';
import { checkDocs } from './check/docs.ts';
import { checkExports } from './check/exports.ts';
import { checkLimits } from './check/limits.ts';
import { checkRealms } from './check/realms.ts';
import { checkSize } from './check/size.ts';
import { build } from './lib/build.ts';
import { isContent } from './lib/tool.ts';

interface Check {
  readonly name: string;
  readonly about: string;
  /** Resolves with whether all is well, having printed what is not. */
  readonly run: () => Promise<boolean>;
}

const checks: readonly Check[] = [
  { name: 'types', about: 'tsc, tests and scripts included', run: async () => (await build({ tests: true })) === 0 },
  { name: 'lint', about: 'oxlint, with types', run: () => tool('oxlint', '--deny-warnings') },
  { name: 'format', about: 'oxfmt; `npm run format` mends it', run: () => tool('oxfmt', '--check') },
  { name: 'boundaries', about: 'who may depend on whom', run: () => none(checkBoundaries) },
  { name: 'docs', about: 'a doc comment on every export; links of READMEs work on npm', run: () => none(checkDocs) },
  { name: 'limits', about: 'every bound is in docs/limits.md', run: () => none(checkLimits) },
  { name: 'realms', about: 'no `instanceof` of a class of another realm', run: () => none(checkRealms) },
  { name: 'size', about: 'no file too long to read', run: () => none(checkSize) },
  { name: 'unused', about: 'knip', run: () => tool('knip', '--no-config-hints') },
  { name: 'exports', about: 'the packages as they would be published', run: () => none(checkExports) },
];

function tool(command: string, ...args: readonly string[]): Promise<boolean> {
  return isContent(command, args);
}

async function none(check: () => string[] | Promise<string[]>): Promise<boolean> {
  const problems = await check();
  for (const problem of problems) console.error(problem);
  return problems.length === 0;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => checks.every((it) => it.name !== name));
if (unknown.length > 0) {
  console.error(`No such check: ${unknown.join(', ')}. There are: ${checks.map((it) => it.name).join(', ')}.`);
  process.exit(2);
}

const summary: string[] = [];
for (const check of checks) {
  if (asked.length > 0 && !asked.includes(check.name)) continue;
  console.log(`\n── ${check.name}: ${check.about}`);
  const start = performance.now();
  const passed = await check.run();
  if (!passed) process.exitCode = 1;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  summary.push(`${passed ? 'ok    ' : 'FAILED'}  ${check.name.padEnd(10)}  ${seconds} s`);
}
console.log(`\n${summary.join('\n')}`);
