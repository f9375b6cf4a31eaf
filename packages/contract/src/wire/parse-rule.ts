import { invalidArgument, readOptions } from '@holdfast/core/adapter';
import type { WireEffect, WirePoint, WireRule } from './wire-rule.ts';

/** A rule with nothing left out. */
export type ParsedRule = Required<WireRule>;

const DIRECTIONS: readonly unknown[] = ['requests', 'replies'] satisfies readonly WireRule['on'][];
const SCOPES: readonly unknown[] = ['one', 'all'] satisfies readonly WireRule['connections'][];
const WORDS: readonly unknown[] = ['reset', 'end', 'stall', 'lose', 'drop'] satisfies readonly WireEffect[];

/** @throws HoldfastError `INVALID_ARGUMENT` */
export function parseRule(value: WireRule): ParsedRule {
  const given = readOptions('rule', value, ['on', 'at', 'effect', 'connections', 'times']);
  const { on, at = { message: 1 }, effect, connections, times = 1 } = given as Partial<WireRule>;
  if (!DIRECTIONS.includes(on)) throw invalidArgument('on', "'requests' or 'replies'", on);
  if (!SCOPES.includes(connections ?? 'one')) throw invalidArgument('connections', "'one' or 'all'", connections);
  if (times !== Infinity && !isCount(times)) throw invalidArgument('times', 'an integer from 1, or Infinity', times);
  if (!isPoint(at)) throw invalidArgument('at', '{ byte }, { message, share } or { afterMs }', at);
  if (!isEffect(effect)) {
    throw invalidArgument('effect', `one of ${WORDS.join(', ')}, or { delayMs }, { xor } or { repeat }`, effect);
  }
  const ofAll = 'afterMs' in at ? 'all' : 'one';
  return { on: on as WireRule['on'], at, effect, connections: connections ?? ofAll, times };
}

function isPoint(point: Partial<Record<'byte' | 'message' | 'share' | 'afterMs', unknown>>): point is WirePoint {
  if (typeof point !== 'object' || point === null) return false;
  const { byte, message, share = 0, afterMs } = point;
  if (afterMs !== undefined) return isSpan(afterMs);
  if (byte !== undefined) return isCount(byte);
  return isCount(message) && typeof share === 'number' && share >= 0 && share < 1;
}

function isEffect(effect: unknown): effect is WireEffect {
  if (typeof effect !== 'object' || effect === null) return WORDS.includes(effect);
  const { delayMs, xor, repeat } = effect as Partial<Record<'delayMs' | 'xor' | 'repeat', unknown>>;
  if (delayMs !== undefined) return isSpan(delayMs);
  if (repeat !== undefined) return isCount(repeat);
  return isCount(xor) && xor <= 0xff;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1;
}

function isSpan(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}
