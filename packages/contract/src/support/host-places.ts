import { homedir, tmpdir } from 'node:os';
import { isError } from '@holdfast/core/adapter';

/** Where stores that tests make are kept, and what runs them. */
const PLACES_OF_THE_HOST = [tmpdir(), homedir(), process.cwd()].filter((place) => place.length > 1);

/** The causes of an error, as loggers walk through them. */
export function causesOf(error: unknown): Error[] {
  const { cause } = (error ?? {}) as { readonly cause?: unknown };
  return isError(cause) ? [cause, ...causesOf(cause)] : [];
}

/**
 * Whether an error, or what it was caused by, says where on the host something is. Not by where the code is, which a stack
 * shows; and a place that a path of the operation has in it is nobody's secret.
 */
export function saysWhere(error: unknown): boolean {
  const { path = '', paths = [] } = (error ?? {}) as { readonly path?: unknown; readonly paths?: readonly unknown[] };
  const said = [error, ...causesOf(error)].flatMap((it) => [isError(it) ? it.message : '', JSON.stringify(it) ?? '']);
  const places = PLACES_OF_THE_HOST.filter((place) => ![path, ...paths].some((it) => String(it).includes(place)));
  return places.some((place) => said.some((it) => it.includes(place)));
}
