import { isSpelledOut } from '../errors/spelled-out.ts';
import type { SchemaIssue } from './standard-schema.ts';

/** A way into a value: the keys and indices that lead to a part of it. */
export type FieldPath = readonly PropertyKey[];

/** The most fields that a message names. */
const MOST_FIELDS = 8;

/** The most steps of one field that a message names. */
const MOST_STEPS = 8;

/** What stands for a step that is not shown. */
const HIDDEN = '[…]';

/** The names of fields for a message: `spent, tags[0]`. Each once, and never a value; `''` when there are none. */
export function fieldNames(paths: readonly FieldPath[]): string {
  const names = [...new Set(paths.map(fieldName))];
  const shown = names.slice(0, MOST_FIELDS).join(', ');
  return names.length <= MOST_FIELDS ? shown : `${shown} and ${names.length - MOST_FIELDS} more`;
}

/** The way to what an issue is about. A schema's answer is not believed to have the shape that it should. */
export function issuePath(issue: SchemaIssue | null | undefined): FieldPath {
  const path: unknown = issue?.path;
  if (!Array.isArray(path)) return [];
  return path.map((step: unknown) => (isStep(step) ? step.key : step) as PropertyKey);
}

function fieldName(path: FieldPath): string {
  if (path.length === 0) return 'the record as a whole';
  const steps = path.slice(0, MOST_STEPS).map((step) => stepName(step));
  const name = steps.join('').replace(/^\./, '');
  return path.length <= MOST_STEPS ? name : `${name}…`;
}

function stepName(step: unknown): string {
  if (typeof step === 'number') return Number.isSafeInteger(step) && step >= 0 ? `[${step}]` : HIDDEN;
  return isSpelledOut(step) ? `.${step}` : HIDDEN;
}

function isStep(step: unknown): step is { readonly key: PropertyKey } {
  return typeof step === 'object' && step !== null && 'key' in step;
}
