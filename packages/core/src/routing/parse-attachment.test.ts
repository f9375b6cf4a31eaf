import { expect, test } from 'vitest';
import { JUNK, THROWERS } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import { parseAttachment, parseFilesystem } from './parse-attachment.ts';

test('a directory is one, the root too', () => {
  expect(parseAttachment('at', '/')).toBe('/');
  expect(parseAttachment('at', '/a/b')).toBe('/a/b');
});

test.each([...JUNK, 'a', '/a/', '//', '/a/../b', '/.', '/a\\b'])(
  '%o is no directory, and the message says whose',
  (value) => {
    const error = typedThrow(() => parseAttachment('the argument', value));
    expect(error).toMatchObject({ code: 'INVALID_PATH', message: expect.stringMatching(/^the argument: /) as string });
  },
);

test('a filesystem is one', () => {
  const filesystem = new MapFilesystem();
  expect(parseFilesystem('filesystem', filesystem)).toBe(filesystem);
});

test.each([...JUNK, Promise.resolve(new MapFilesystem()), { get: () => {} }, { capabilitiesAt: () => {} }])(
  '%o is no filesystem',
  (value) => {
    const error = typedThrow(() => parseFilesystem('the argument', value));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^the argument /) as string,
    });
  },
);

test.each(THROWERS)('neither is %s', (_, hostile) => {
  expect(typedThrow(() => parseFilesystem('filesystem', hostile())).code).toBe('INVALID_ARGUMENT');
  expect(typedThrow(() => parseAttachment('at', hostile())).code).toBe('INVALID_PATH');
});
