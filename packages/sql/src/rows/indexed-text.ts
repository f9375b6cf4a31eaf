import type { IndexedProjection } from '@holdfast/core';

const KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The text of an indexed projection. The keys come in order, so equal projections have equal texts; JSON gives
 * every finite number back exactly.
 */
export function encodeIndexed(indexed: IndexedProjection | undefined): string | null {
  return indexed === undefined ? null : JSON.stringify(indexed);
}

/** The projection of a text, or `'undecodable'`. */
export function decodeIndexed(text: unknown): IndexedProjection | undefined | 'undecodable' {
  if (text === null) return undefined;
  if (typeof text !== 'string') return 'undecodable';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'undecodable';
  }
  return isProjection(value) ? Object.freeze(value) : 'undecodable';
}

function isProjection(value: unknown): value is IndexedProjection {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([key, scalar]) => KEY.test(key) && key !== '__proto__' && isScalar(scalar));
}

function isScalar(value: unknown): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  return typeof value === 'number' && Number.isFinite(value);
}
