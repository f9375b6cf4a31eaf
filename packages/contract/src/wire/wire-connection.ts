import type { Socket } from 'node:net';
import type { RuleInForce } from './rule-in-force.ts';
import type { WireEffect, WireRule } from './wire-rule.ts';
import { WireWay, type WaySide } from './wire-way.ts';

type Direction = WireRule['on'];

/** What a connection asks of its proxy. */
export interface ConnectionSide {
  begin(direction: Direction, bytes: number): readonly RuleInForce[];
  affect(fault: RuleInForce, connection: WireConnection): void;
  /** Its client is gone. */
  left(connection: WireConnection): void;
  /** Both of its sockets are closed. */
  closed(connection: WireConnection): void;
}

/** One connection of a client, and the one that was made to the server for it. */
export class WireConnection {
  readonly #sockets: readonly Socket[];
  readonly #ways: Readonly<Record<Direction, WireWay>>;
  readonly #ended: () => void;
  #isEnding = false;

  constructor(near: Socket, far: Socket, side: ConnectionSide) {
    const sideOf = (direction: Direction): WaySide => ({
      begin: (bytes) => side.begin(direction, bytes),
      affect: (fault) => side.affect(fault, this),
      lost: () => this.#close('reset'),
    });
    this.#sockets = [near, far];
    this.#ways = {
      requests: new WireWay(near, far, sideOf('requests')),
      replies: new WireWay(far, near, sideOf('replies')),
    };
    this.#ended = () => side.left(this);
    near.once('end', this.#ended).once('close', this.#ended);
    let open = this.#sockets.length;
    for (const socket of this.#sockets) {
      // What a server says is passed on as it comes.
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.once('close', () => (open -= 1) === 0 && side.closed(this));
    }
    for (const way of Object.values(this.#ways)) void way.run();
  }

  /** What one of the four effects on connections does to it, in one direction. */
  affect(direction: Direction, effect: WireEffect): void {
    if (effect === 'stall') this.#ways[direction].stall();
    else if (effect === 'lose') this.#ways[direction].lose();
    else if (effect === 'end' || effect === 'reset') this.#close(effect);
  }

  /** What stalls goes on. */
  goOn(): void {
    for (const way of Object.values(this.#ways)) way.goOn();
  }

  #close(how: 'end' | 'reset'): void {
    if (how === 'end' && this.#isEnding) return;
    this.#isEnding = true;
    for (const way of Object.values(this.#ways)) way.end();
    for (const socket of this.#sockets) {
      if (how === 'end') socket.destroySoon();
      else socket.resetAndDestroy();
    }
    this.#ended();
  }
}
