import { expect, test } from 'vitest';
import { manifestProblems } from './manifest-problems.ts';

const workspace = { name: 'all', bugs: { url: 'https://b' }, repository: { type: 'git', url: 'git+https://r' } };
const manifest = {
  name: '@holdfast/memory',
  homepage: 'https://www.npmjs.com/package/@holdfast/memory',
  bugs: workspace.bugs,
  repository: { ...workspace.repository, directory: 'packages/memory' },
  files: ['CHANGELOG.md', 'dist'],
};
const memory = { folder: 'packages/memory', published: true, manifest };

test('a package that says where it comes from passes', () => {
  expect(manifestProblems(memory, workspace)).toEqual([]);
});

test('one that does not, or says something else than the workspace, is told what to say', () => {
  expect(manifestProblems({ ...memory, manifest: { name: manifest.name } }, workspace)).toEqual([
    'packages/memory/package.json: homepage must be "https://www.npmjs.com/package/@holdfast/memory"',
    'packages/memory/package.json: bugs must be {"url":"https://b"}',
    'packages/memory/package.json: repository must be {"type":"git","url":"git+https://r","directory":"packages/memory"}',
    'packages/memory/package.json: files must name CHANGELOG.md',
  ]);
  expect(manifestProblems(memory, { ...workspace, bugs: { url: 'https://other' } })).toHaveLength(1);
});

test('a range of a peer that has no end is reported', () => {
  const peerDependencies = { '@holdfast/core': 'workspace:^', one: '>=1.2.0', other: '>=1.2.0 <3', third: '^1.0.0' };
  expect(manifestProblems({ ...memory, manifest: { ...manifest, peerDependencies } }, workspace)).toEqual([
    'packages/memory/package.json: the range of one, >=1.2.0, has no end',
  ]);
});
