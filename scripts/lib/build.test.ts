import { expect, test } from 'vitest';
import { temporaryFolder } from '../test/temporary-folder.ts';
import { removeOrphans } from './build.ts';
import { filesBelow } from './source-files.ts';

test('what was built of a source that is gone is removed, and nothing else', () => {
  using folder = temporaryFolder({
    'src/a/kept.ts': '',
    'dist/a/kept.js': '',
    'dist/a/kept.js.map': '',
    'dist/a/kept.d.ts': '',
    'dist/a/gone.js': '',
    'dist/a/gone.js.map': '',
    'dist/a/gone.d.ts': '',
    'dist/.tsbuildinfo': '',
  });
  removeOrphans(folder.path);
  // `filesBelow` leaves dist folders out, unless one is where it starts.
  expect(filesBelow(folder.path, 'dist', '')).toEqual([
    'dist/.tsbuildinfo',
    'dist/a/kept.d.ts',
    'dist/a/kept.js',
    'dist/a/kept.js.map',
  ]);
});

test('a package that was never built is left alone', () => {
  using folder = temporaryFolder({ 'src/a.ts': '' });
  removeOrphans(folder.path);
  expect(filesBelow(folder.path, 'src', '')).toEqual(['src/a.ts']);
});
