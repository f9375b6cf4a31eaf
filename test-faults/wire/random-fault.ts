import type { WireCounts, WireEffect, WirePoint, WireRule } from '@holdfast/contract';

/** What passes in one burst, from which the point of a fault is chosen. */
export type Traffic = Pick<WireCounts, 'requests' | 'requestBytes' | 'replies' | 'replyBytes'> & {
  readonly ms: number;
};

/** How often each effect is drawn. */
const EFFECTS: readonly (readonly [weight: number, effect: (random: () => number) => WireEffect])[] = [
  [5, () => 'reset'],
  [3, () => 'end'],
  [4, () => 'stall'],
  [1, () => 'lose'],
  [2, () => 'drop'],
  [3, (random) => ({ delayMs: Math.ceil(random() * 60) })],
];

/** A fault at any point of what passes, in either direction. */
export function randomFault(traffic: Traffic, random: () => number): WireRule {
  const on = random() < 0.5 ? 'requests' : 'replies';
  const connections = random() < 0.25 ? 'all' : 'one';
  return { on, effect: randomEffect(random), connections, at: randomPoint(on, traffic, random) };
}

function randomPoint(on: WireRule['on'], traffic: Traffic, random: () => number): WirePoint {
  const upTo = (most: number): number => 1 + Math.floor(random() * Math.max(1, most));
  const kind = random();
  if (kind < 0.4) return { byte: upTo(on === 'requests' ? traffic.requestBytes : traffic.replyBytes) };
  if (kind < 0.9) {
    // As many are cut in the middle as do not arrive at all.
    const share = random() < 0.5 ? 0 : random();
    return { message: upTo(on === 'requests' ? traffic.requests : traffic.replies), share };
  }
  return { afterMs: Math.floor(random() * traffic.ms) };
}

function randomEffect(random: () => number): WireEffect {
  const total = EFFECTS.reduce((sum, [weight]) => sum + weight, 0);
  let drawn = random() * total;
  for (const [weight, effect] of EFFECTS) {
    drawn -= weight;
    if (drawn < 0) return effect(random);
  }
  return 'reset';
}
