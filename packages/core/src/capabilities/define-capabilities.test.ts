import { expect, test } from 'vitest';
import { BYTES_ONLY, EVERYTHING } from '../../test/support/map-filesystem.ts';
import { typedThrow } from '../../test/support/rejection.ts';
import type { Capabilities } from './capabilities.ts';
import { defineCapabilities } from './define-capabilities.ts';

test.each([EVERYTHING, BYTES_ONLY])(
  'complete capabilities are given back, frozen through and through (%#)',
  (claims) => {
    const mine = { ...claims, planes: ['watch' as const] };
    const defined = defineCapabilities(mine);
    expect(defined).toEqual(mine);
    expect(Object.isFrozen(defined)).toBe(true);
    expect(Object.isFrozen(defined.planes)).toBe(true);
    mine.planes.length = 0;
    expect(defined.planes).toEqual(['watch']);
  },
);

const DEFAULTED = ['maxPathBytes', 'maxCommitChanges', 'maxCommitBytes'];
const required = Object.keys(EVERYTHING).filter((field) => !DEFAULTED.includes(field));

test.each(required)('capabilities without %s are refused', (field) => {
  const claims: Record<string, unknown> = { ...BYTES_ONLY };
  delete claims[field];
  const error = typedThrow(() => defineCapabilities(claims as never));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toContain(`capabilities.${field}`);
});

test.each<[string, unknown]>([
  ['cas', 'maybe'],
  ['cas', true],
  ['records', 1],
  ['records', 'true'],
  ['records', undefined],
  ['indexed', null],
  ['contentTypes', 'yes'],
  ['conditionalDelete', 0],
  ['paths', 'flat'],
  ['durability', 'some'],
  ['sharing', 'all'],
  ['sharing', 'toString'],
  ['maxBodyBytes', 0],
  ['maxBodyBytes', -1],
  ['maxBodyBytes', 1.5],
  ['maxBodyBytes', Number.NaN],
  ['maxBodyBytes', Infinity],
  ['maxBodyBytes', '1000'],
  ['maxPathBytes', 0],
  ['maxPathBytes', 1025],
  ['maxPathBytes', 10.5],
  ['maxPathBytes', null],
  ['planes', undefined],
  ['planes', null],
  ['planes', 'watch'],
  ['planes', new Set(['watch'])],
  ['planes', ['watched']],
  ['planes', ['watch', undefined]],
])('%s cannot be %o', (field, value) => {
  const error = typedThrow(() => defineCapabilities({ ...BYTES_ONLY, [field]: value }));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(error.message).toContain(`capabilities.${field}`);
});

test('a field that nobody knows is refused, since nobody would ask for it', () => {
  const extra = { ...EVERYTHING, transactions: true };
  expect(typedThrow(() => defineCapabilities(extra)).code).toBe('INVALID_ARGUMENT');
});

test.each([undefined, null, 'versioned', 1])('%o is no capabilities at all', (value) => {
  expect(typedThrow(() => defineCapabilities(value as never)).code).toBe('INVALID_ARGUMENT');
});

test.each(['records', 'indexed', 'conditionalDelete'] as const)('%s cannot be claimed without versions', (field) => {
  for (const cas of ['create-only', 'none'] as const) {
    const claims: Capabilities = { ...BYTES_ONLY, cas, [field]: true };
    expect(typedThrow(() => defineCapabilities(claims)).message).toContain(`capabilities.${field}`);
  }
});

test('versions can be claimed without records', () => {
  const claims = { ...BYTES_ONLY, cas: 'versioned' } as const;
  expect(defineCapabilities(claims).records).toBe(false);
});

test('paths may be as long as any path where nothing else is said', () => {
  const { maxPathBytes: _omitted, ...claims } = BYTES_ONLY;
  expect(defineCapabilities(claims).maxPathBytes).toBe(1024);
  expect(defineCapabilities({ ...claims, maxPathBytes: 10 }).maxPathBytes).toBe(10);
});

const COMMITS = { ...EVERYTHING, planes: ['atomic-commit'], maxCommitChanges: 10, maxCommitBytes: 100 } as const;

test('commits are claimed with both their limits, and without them both are 0', () => {
  expect(defineCapabilities(COMMITS)).toEqual(COMMITS);
  const { maxCommitChanges: _changes, maxCommitBytes: _bytes, ...without } = EVERYTHING;
  expect(defineCapabilities(without)).toMatchObject({ maxCommitChanges: 0, maxCommitBytes: 0 });
});

test.each(['maxCommitChanges', 'maxCommitBytes'])('%s goes with the plane, and the plane with it', (field) => {
  for (const value of [undefined, null, 0, -1, 1.5, Number.NaN, Infinity, '10']) {
    const error = typedThrow(() => defineCapabilities({ ...COMMITS, [field]: value }));
    expect(error.message).toContain(`capabilities.${field}`);
  }
  for (const value of [1, null, -1, Number.NaN, '0']) {
    const error = typedThrow(() =>
      defineCapabilities({ ...COMMITS, maxCommitChanges: 0, maxCommitBytes: 0, planes: [], [field]: value }),
    );
    expect(error.message).toContain(`capabilities.${field}`);
  }
});

test('commits need versions', () => {
  const claims = { ...COMMITS, cas: 'create-only', records: false, indexed: false, conditionalDelete: false } as const;
  expect(typedThrow(() => defineCapabilities(claims)).message).toContain('atomic-commit');
});
