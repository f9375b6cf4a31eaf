import { expect, test } from 'vitest';
import { JUNK, THROWERS, throwingGetter } from '../../test/support/hostile.ts';
import { BYTES_ONLY, EVERYTHING } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import type { Capabilities } from './capabilities.ts';
import { parseRequirements, requireCapabilities, type Requirements } from './requirements.ts';

const requireOf = (claims: unknown, requires: Requirements): void =>
  requireCapabilities(claims as Capabilities, parseRequirements('requires', requires), '/m');

test.each<[Requirements, Partial<Capabilities>]>([
  [{ cas: 'create-only' }, { cas: 'versioned' }],
  [{ cas: 'none' }, { cas: 'create-only' }],
  [{ paths: 'tree' }, { paths: 'prefix' }],
  [{ durability: 'process-crash' }, { durability: 'power-loss' }],
  [{ sharing: 'process' }, { sharing: 'network' }],
  [{ maxBodyBytes: 10 }, { maxBodyBytes: 10 }],
  [{ records: false }, { records: true }],
  [{ planes: ['watch'] }, { planes: ['query', 'watch'] }],
  [{}, {}],
  [{ cas: undefined, planes: [] }, { cas: 'none' }],
])('%o is met by %o', (requires, claims) => {
  expect(() => requireOf({ ...EVERYTHING, ...claims }, requires)).not.toThrow();
});

test.each<[Requirements, Partial<Capabilities>]>([
  [{ cas: 'versioned' }, { cas: 'create-only' }],
  [{ cas: 'create-only' }, { cas: 'none' }],
  [{ paths: 'prefix' }, { paths: 'tree' }],
  [{ durability: 'power-loss' }, { durability: 'process-crash' }],
  [{ sharing: 'network' }, { sharing: 'host' }],
  [{ maxBodyBytes: 11 }, { maxBodyBytes: 10 }],
  [{ maxPathBytes: 1024 }, { maxPathBytes: 1023 }],
  [{ records: true }, { records: false }],
  [{ planes: ['watch', 'query'] }, { planes: ['query'] }],
])('%o is not met by %o', (requires, claims) => {
  const [capability] = Object.keys(requires);
  const error = typedThrow(() => requireOf({ ...EVERYTHING, ...claims }, requires));
  expect(error).toMatchObject({ code: 'UNSUPPORTED', path: '/m', capability });
});

test('every shortfall is named, with what is there', () => {
  const { message } = typedThrow(() =>
    requireOf(BYTES_ONLY, { ...EVERYTHING, durability: 'power-loss', planes: ['watch'], maxBodyBytes: 5000 }),
  );
  for (const part of ['cas', 'paths', 'durability', 'records', 'indexed', 'contentTypes', 'conditionalDelete']) {
    expect(message).toContain(`${part} must be `);
  }
  expect(message).toContain('maxBodyBytes must be at least 5000 and is 1000');
  expect(message).toContain('planes must be watch and is []');
  expect(message).not.toContain('sharing');
});

test.each([undefined, null, 5, 'versioned', {}, []])('claims that are none (%o) meet nothing', (claims) => {
  for (const requires of [{ cas: 'none' }, { maxBodyBytes: 0 }, { planes: ['query'] }, { records: true }] as const) {
    expect(typedThrow(() => requireOf(claims, requires)).code).toBe('UNSUPPORTED');
  }
  expect(() => requireOf(claims, { records: false })).not.toThrow();
});

test.each([Number.NaN, '5000', null, [5000], Symbol('many'), { toString: null }])(
  'a claim of %o is no number, and prints',
  (claim) => {
    const claims = { ...EVERYTHING, maxBodyBytes: claim, cas: claim, planes: claim };
    const requires = { maxBodyBytes: 1, cas: 'none', planes: ['query'] } as const;
    const { message } = typedThrow(() => requireOf(claims, requires));
    for (const field of ['maxBodyBytes', 'cas', 'planes']) expect(message).toContain(`${field} must be`);
  },
);

test.each([null, 0, 'versioned', true, [1], { Cas: 'versioned' }, { [Symbol('cas')]: 1 }])(
  '%o is no requirement',
  (value) => {
    const error = typedThrow(() => parseRequirements('the argument', value));
    expect(error).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('the argument') as string,
    });
  },
);

test.each(Object.keys(EVERYTHING))('%s that is something else is refused', (field) => {
  for (const value of [...JUNK.filter((it) => it !== undefined && typeof it !== 'boolean'), -1, 1.5, ['all']]) {
    const isFine =
      (field.startsWith('max') && (value === 0 || value === 1)) ||
      (field === 'planes' && Array.isArray(value) && value.length === 0);
    if (isFine) continue;
    const error = typedThrow(() => parseRequirements('requires', { [field]: value }));
    expect(error.message).toContain(`requires.${field}`);
  }
});

test.each(THROWERS)('%s is refused, wherever it stands', (_, hostile) => {
  for (const value of [
    hostile(),
    { cas: hostile() },
    { planes: hostile() },
    { planes: [hostile()] },
    { maxBodyBytes: hostile() },
  ]) {
    expect(typedThrow(() => parseRequirements('requires', value)).code).toBe('INVALID_ARGUMENT');
  }
  expect(typedThrow(() => parseRequirements('requires', throwingGetter('cas'))).code).toBe('INVALID_ARGUMENT');
});

test('requirements are copied', () => {
  const planes: ('watch' | 'query')[] = ['watch'];
  const parsed = parseRequirements('requires', { planes });
  planes.push('query');
  expect(parsed.planes).toEqual(['watch']);
});
