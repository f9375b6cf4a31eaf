/**
 * Where on the way a rule applies, counted over all connections in the direction of the rule, since it was added or was last
 * applied. A message is what arrives at once: as a rule a request or a reply, some short ones together, or a part of a long
 * one.
 */
export type WirePoint =
  /** Before this byte, counted from 1. */
  | { readonly byte: number }
  /** In this message, counted from 1, once this share of it has passed: 0, its beginning, if left out, and less than 1. */
  | { readonly message: number; readonly share?: number }
  /** So many milliseconds later, whether anything is said then or not; 0 is at once. */
  | { readonly afterMs: number };

/**
 * What becomes of what is on its way. What came before the point has been passed on.
 *
 * - `'reset'`: the connection ends at both ends, as when a machine is gone (RST).
 * - `'end'`: the connection ends at both ends, as when a program closes it (FIN).
 * - `'stall'`: nothing passes any more in this direction, not even an end, until {@link FaultProxy.clear}; then it goes on.
 * - `'lose'`: nothing passes any more in this direction of the connection, not even an end, for good.
 * - `'drop'`: the rest of the message does not arrive.
 * - `{ delayMs }`: everything from here on comes so much later; later messages keep their order.
 * - `{ xor }`: the byte is changed: each bit that is set in the number from 1 to 255 is turned round.
 * - `{ repeat }`: so many bytes of the message, or what there is of it, arrive twice.
 */
export type WireEffect =
  | 'reset'
  | 'end'
  | 'stall'
  | 'lose'
  | 'drop'
  | { readonly delayMs: number }
  | { readonly xor: number }
  | { readonly repeat: number };

/** What goes wrong between clients and a server, and where. */
export interface WireRule {
  /** The direction: what clients say, or what the server says. */
  readonly on: 'requests' | 'replies';
  /** By default the next message. */
  readonly at?: WirePoint;
  readonly effect: WireEffect;
  /**
   * The connection on which the point is reached, or all that there are; `'reset'`, `'end'`, `'stall'` and `'lose'` with
   * `afterMs` are for all. What stalls or is lost on all is so on new ones too until {@link FaultProxy.clear}.
   */
  readonly connections?: 'one' | 'all';
  /** How often it applies; by default once. `Infinity` is until {@link FaultProxy.clear}. */
  readonly times?: number;
}
