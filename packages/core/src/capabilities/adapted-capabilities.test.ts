import { expect, test } from 'vitest';
import { EVERYTHING } from '../../test/support/map-filesystem.ts';
import { AdaptedCapabilities } from './adapted-capabilities.ts';
import type { Capabilities } from './capabilities.ts';

test('the same claims with the same changes are the same frozen object every time', () => {
  const adapted = new AdaptedCapabilities<Capabilities>();
  const first = adapted.of(EVERYTHING, { maxPathBytes: 5 });
  expect(first).toEqual({ ...EVERYTHING, maxPathBytes: 5 });
  expect(Object.isFrozen(first)).toBe(true);
  expect(adapted.of(EVERYTHING, { maxPathBytes: 5 })).toBe(first);
  expect(adapted.of(EVERYTHING, { maxPathBytes: 6 }).maxPathBytes).toBe(6);
});

test('claims that change within one object are never remembered as they were', () => {
  const adapted = new AdaptedCapabilities<Capabilities>();
  const claims: { -readonly [Field in keyof Capabilities]: Capabilities[Field] } = { ...EVERYTHING };
  expect(adapted.of(claims, { maxPathBytes: 5 }).cas).toBe('versioned');
  claims.cas = 'create-only';
  expect(adapted.of(claims, { maxPathBytes: 5 }).cas).toBe('create-only');

  let cas: Capabilities['cas'] = 'versioned';
  const asked = Object.freeze(Object.defineProperty({ ...EVERYTHING }, 'cas', { get: () => cas, enumerable: true }));
  expect(adapted.of(asked, {}).cas).toBe('versioned');
  cas = 'none';
  expect(adapted.of(asked, {}).cas).toBe('none');
});
