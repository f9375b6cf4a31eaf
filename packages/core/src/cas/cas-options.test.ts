import { expect, test } from 'vitest';
import { THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { MapFilesystem } from '../../test/support/map-filesystem.ts';
import { typedRejection, typedThrow } from '../../test/support/rejection.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import { CasApply } from './cas-apply.ts';
import { CAS_DEFAULTS, parseCasOptions, parseCasUpdateOptions } from './cas-options.ts';
import { casUpdate } from './cas-update.ts';

test('the defaults are 256 attempts, 2 to 50 ms and 15 s', () => {
  expect(CAS_DEFAULTS).toEqual({ maxAttempts: 256, backoffMinMs: 2, backoffMaxMs: 50, timeoutMs: 15_000 });
  for (const none of [undefined, {}, { maxAttempts: undefined, timeoutMs: undefined, random: undefined }]) {
    expect(parseCasOptions(none)).toEqual({ ...CAS_DEFAULTS, signal: undefined, random: Math.random });
  }
});

test('every limit is an option', () => {
  const given = { maxAttempts: 1, backoffMinMs: 0, backoffMaxMs: 7, timeoutMs: 0, random: () => 0.5 };
  expect(parseCasOptions(given)).toEqual({ ...given, signal: undefined });
  const { signal } = new AbortController();
  expect(parseCasOptions({ signal }).signal).toBe(signal);
});

test.each<[string, unknown]>([
  ['maxAttempts', 0],
  ['maxAttempts', -1],
  ['maxAttempts', 1.5],
  ['maxAttempts', Infinity],
  ['maxAttempts', Number.NaN],
  ['maxAttempts', '32'],
  ['maxAttempts', null],
  ['backoffMinMs', -1],
  ['backoffMinMs', 2 ** 31],
  ['backoffMinMs', 0.5],
  ['backoffMaxMs', Infinity],
  ['backoffMaxMs', null],
  ['timeoutMs', -1],
  ['timeoutMs', Number.NaN],
  ['timeoutMs', Infinity],
  ['timeoutMs', null],
  ['random', 0.5],
  ['random', null],
  ['signal', null],
  ['signal', {}],
  ['retries', 3],
])('%s cannot be %o', (key, value) => {
  expect(typedThrow(() => parseCasOptions({ [key]: value })).code).toBe('INVALID_ARGUMENT');
});

test.each([null, 1, 'options', []])('%o is no bag of options', (value) => {
  expect(typedThrow(() => parseCasOptions(value)).code).toBe('INVALID_ARGUMENT');
});

const codec = jsonCodec<number>({ kind: 'n' });
const apply = () => CasApply.write(1);

test.each<[string, unknown[], string | undefined]>([
  ['no path', [undefined, codec, apply], undefined],
  ['a bad path', ['/a/', codec, apply], undefined],
  ['the root', ['/', codec, apply], undefined],
  ['no codec', ['/a', undefined, apply], '/a'],
  ['half a codec', ['/a', { encode: codec.encode }, apply], '/a'],
  ['a codec that throws when it is looked at', ['/a', throwingGetter('encode'), apply], '/a'],
  ['no apply', ['/a', codec], '/a'],
  ['an apply that is a decision', ['/a', codec, CasApply.noOp()], '/a'],
  ['no apply and a path that is none', [{ secret: 1 }, codec], undefined],
  ['an option that is misspelt', ['/a', codec, apply, { timeout: 1 }], '/a'],
  ['an option that throws', ['/a', codec, apply, throwingGetter('random')], '/a'],
  ...THROWERS.map(([name, make]): [string, unknown[], string] => [name, ['/a', codec, apply, make()], '/a']),
])('casUpdate with %s rejects before it asks the filesystem anything', async (_, args, path) => {
  const filesystem = new MapFilesystem();
  const asked = casUpdate as unknown as (...all: unknown[]) => Promise<unknown>;
  filesystem.claims = undefined;
  const error = await typedRejection(asked(filesystem, ...args));
  expect(error.code).toMatch(/^INVALID_/);
  expect(error).toMatchObject({ operation: 'casUpdate', outcome: 'not-applied', path });
});

test.each([null, 0, 'yes', {}])('what is no boolean (%j) does not say whether updates are combined', (combine) => {
  expect(typedThrow(() => parseCasUpdateOptions({ combine })).message).toContain('combine must be a boolean');
});

test.each([undefined, null, {}, Promise.resolve(new MapFilesystem())])(
  'an update on what is no opened filesystem (%#) says that it has to be awaited',
  async (filesystem) => {
    const error = await typedRejection(casUpdate(filesystem as never, '/a', codec, () => CasApply.write(1)));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', path: '/a', outcome: 'not-applied' });
    expect(error.message).toContain('filesystem must be an opened filesystem, awaited');
  },
);
