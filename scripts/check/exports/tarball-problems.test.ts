import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { tarballProblems } from './tarball-problems.ts';

const map = JSON.stringify({ sources: ['../src/a.ts'] });
const readme = `
[a](https://example.com) [b](#b) [c] \`[no](link)[0]\`

\`\`\`ts
array[0](./call);
\`\`\`

[c]: https://example.com/c
`;

test('links that lead out of npm and maps that lead to published sources pass', () => {
  using folder = temporaryFolder({
    'README.md': readme.replace('`[no](link)[0]`', ''),
    'dist/a.js.map': map,
    'src/a.ts': '',
  });
  expect(tarballProblems('it', folder.path)).toEqual([]);
});

test('a relative link, and a map to a source that is not published, are reported', () => {
  using folder = temporaryFolder({
    'README.md': '[a](../../docs/errors.md)\n\n[b]: ../b\n',
    'docs/a.md': '[a](a.md)',
    'dist/a.js.map': map,
  });
  expect(tarballProblems('it', folder.path).toSorted()).toEqual([
    'it: README.md links to ../../docs/errors.md',
    'it: README.md links to ../b',
    'it: dist/a.js.map leads to ../src/a.ts, which is not published',
    'it: docs/a.md links to a.md',
  ]);
});
