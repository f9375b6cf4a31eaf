import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { checkBoundaries } from './boundaries.ts';

const references = (...paths: string[]) => JSON.stringify({ references: paths.map((path) => ({ path })) });

/** A workspace in which all is well, of core and memory. */
const sound: Readonly<Record<string, string>> = {
  'tsconfig.json': references('./packages/core', './packages/memory', './scripts'),
  'tsconfig.build.json': references('./packages/core/tsconfig.build.json', './packages/memory/tsconfig.build.json'),
  'packages/core/package.json': JSON.stringify({ name: '@holdfast/core', exports: { '.': {}, './adapter': {} } }),
  'packages/core/tsconfig.json': references('./tsconfig.build.json', './tsconfig.test.json'),
  'packages/core/tsconfig.build.json': '{}',
  'packages/core/tsconfig.test.json': references('./tsconfig.build.json'),
  'packages/core/src/index.ts': `export { a } from './a.ts';`,
  'packages/core/src/a.ts': 'export const a = 1;',
  'packages/core/src/a.test.ts': `import { test } from 'vitest';\nimport { readFile } from 'node:fs/promises';`,
  'packages/memory/package.json': JSON.stringify({
    name: '@holdfast/memory',
    exports: { '.': {} },
    peerDependencies: { '@holdfast/core': 'workspace:^' },
  }),
  'packages/memory/tsconfig.json': references('./tsconfig.build.json', './tsconfig.test.json'),
  'packages/memory/tsconfig.build.json': references('../core/tsconfig.build.json'),
  'packages/memory/tsconfig.test.json': references('./tsconfig.build.json', '../core/tsconfig.build.json'),
  'packages/memory/src/index.ts': `import '@holdfast/core/adapter';\nimport 'node:fs';`,
};

function problemsWith(changed: Record<string, string>): string[] {
  using workspace = temporaryFolder({ ...sound, ...changed });
  return checkBoundaries(workspace.path);
}

test('a sound workspace has no problems', () => {
  expect(problemsWith({})).toEqual([]);
});

test.each([
  ['a Node module', `import { join } from 'node:path';`],
  ['a package', `import type { StandardSchemaV1 } from '@standard-schema/spec';`],
  ['a package, by re-exporting', `export { z } from 'zod';`],
  ['a package, by import()', `const it = await import('zod');`],
  ['a package, in a type', `export type A = import('zod').ZodType;`],
])('core may not import %s', (_, text) => {
  const [problem, ...others] = problemsWith({ 'packages/core/src/a.ts': `\n${text}` });
  expect(problem).toMatch(/^packages\/core\/src\/a\.ts:2: .* is not part of this package, which stands alone$/);
  expect(others).toEqual([]);
});

test('core may not have dependencies', () => {
  const manifest = { name: '@holdfast/core', exports: { '.': {}, './adapter': {} }, dependencies: { zod: '1' } };
  expect(problemsWith({ 'packages/core/package.json': JSON.stringify(manifest) })).toEqual([
    'packages/core/package.json: must not depend on anything, but names zod',
  ]);
});

test('core may name an optional peer, and may not import it', () => {
  const manifest = {
    name: '@holdfast/core',
    exports: { '.': {}, './adapter': {} },
    peerDependencies: { '@opentelemetry/api': '1', zod: '1' },
    peerDependenciesMeta: { '@opentelemetry/api': { optional: true } },
  };
  const files = {
    'packages/core/package.json': JSON.stringify(manifest),
    'packages/core/src/a.ts': `import type { Tracer } from '@opentelemetry/api';`,
  };
  expect(problemsWith(files)).toEqual([
    'packages/core/package.json: must not depend on anything, but names zod',
    'packages/core/src/a.ts:1: @opentelemetry/api is not part of this package, which stands alone',
  ]);
});

test.each([
  ['@holdfast/core/dist/a.js', '@holdfast/core/dist/a.js is not an entry of a package'],
  ['@holdfast/core/src/a.ts', '@holdfast/core/src/a.ts is not an entry of a package'],
  ['@holdfast/other', '@holdfast/other is not an entry of a package'],
  ['../../core/src/a.ts', '../../core/src/a.ts is outside of the package'],
  ['kysely', 'kysely is no dependency or peer dependency'],
  ['fs', 'write node:fs'],
])('an adapter may not import %s', (specifier, problem) => {
  expect(problemsWith({ 'packages/memory/src/index.ts': `import '${specifier}';` })).toEqual([
    `packages/memory/src/index.ts:1: ${problem}`,
  ]);
});

test('a package may not depend on one that the rules do not give it', () => {
  const manifest = { name: '@holdfast/core', exports: { '.': {}, './adapter': {} } };
  const problems = problemsWith({
    'packages/core/package.json': JSON.stringify({ ...manifest, devDependencies: { '@holdfast/memory': '*' } }),
  });
  expect(problems).toContain('packages/core/package.json: must not depend on @holdfast/memory');
});

test('a package without a rule may not exist', () => {
  const problems = problemsWith({ 'packages/stray/package.json': '{ "name": "@holdfast/stray" }' });
  expect(problems).toContain('packages/stray: scripts/check/boundaries/rules.ts does not say what it may use');
});

test('project references are the dependencies, no more and no fewer', () => {
  expect(problemsWith({ 'packages/memory/tsconfig.build.json': '{}' })).toEqual([
    'packages/memory/tsconfig.build.json: must reference packages/core/tsconfig.build.json',
  ]);
  expect(problemsWith({ 'packages/core/tsconfig.build.json': references('../memory/tsconfig.build.json') })).toEqual([
    'packages/core/tsconfig.build.json: references packages/memory/tsconfig.build.json, which is no dependency',
  ]);
  expect(problemsWith({ 'tsconfig.json': references('./packages/core', './scripts') })).toEqual([
    'tsconfig.json: must reference packages/memory',
  ]);
});
