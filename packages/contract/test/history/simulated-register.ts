import type { RegisterEvent, WriteCall } from '../../src/history/register-event.ts';
import { randomNumbers } from '../../src/support/random.ts';
import { Interleaved, type Steps } from './interleaved.ts';

export type Write = Pick<WriteCall, 'expects' | 'leaves'>;
export type Answer = Pick<WriteCall, 'outcome' | 'deleted'>;

/** A store of one key that does each call at one moment; who plants a bug overrides one of its methods. */
export class SimulatedRegister {
  value: string | undefined;
  /** How often a planted bug did something. */
  bugs = 0;
  readonly random: () => number;
  readonly others: Interleaved;

  constructor(random: () => number, others: Interleaved) {
    this.random = random;
    this.others = others;
  }

  read(): string | undefined {
    return this.value;
  }

  look(): boolean {
    return this.value !== undefined;
  }

  *write(write: Write): Steps<Answer> {
    yield;
    return this.answer(write);
  }

  /** Does a write, and says what became of it. */
  answer(write: Write): Answer {
    return this.apply(write);
  }

  /** What is done for a caller who gives up before anything was. */
  *giveUp(_write: Write): Steps {
    yield;
  }

  /** What becomes of a write whose caller does not wait for it. */
  *writeLater(write: Write): Steps {
    yield* this.others.wait(40);
    this.apply(write);
  }

  holds({ expects }: Write): boolean {
    if (expects === 'any') return true;
    return expects === 'absent' ? this.value === undefined : this.value === expects.value;
  }

  apply(write: Write): Answer {
    if (!this.holds(write)) return { outcome: 'refused' };
    const deleted = this.value !== undefined;
    this.value = write.leaves;
    return { outcome: 'done', ...(write.leaves === undefined && { deleted }) };
  }

  /** Whether to do wrong this time. */
  goesWrong(share: number): boolean {
    return this.random() < share;
  }
}

export interface Simulation {
  readonly seed: number;
  readonly workers: number;
  /** How many calls each of them makes. */
  readonly calls: number;
  readonly register?: typeof SimulatedRegister;
}

/** What workers saw of a simulated store, some of whose callers give up and some of whose replies are lost; and how often a bug did something. */
export function simulateCalls({ seed, workers, calls, register: Register = SimulatedRegister }: Simulation): {
  readonly events: readonly RegisterEvent[];
  readonly bugs: number;
} {
  const random = randomNumbers(seed);
  const others = new Interleaved(random);
  const register = new Register(random, others);
  const events: RegisterEvent[] = [];
  const known: string[] = [];

  function* write(told: Write, start: number, again = false): Steps<WriteCall['outcome']> {
    const drawn = random();
    let answer: Answer = { outcome: 'unknown' };
    if (drawn < 0.05) {
      yield* register.giveUp(told);
      answer = { outcome: 'not-applied' };
    } else if (drawn < 0.1) others.begin(register.writeLater(told));
    else if (drawn < 0.15) yield* register.write(told);
    else if (drawn >= 0.2) answer = yield* register.write(told);
    if (answer.outcome === 'done' && told.leaves !== undefined) known.push(told.leaves);
    yield* others.wait(3);
    if (answer.outcome !== 'refused' || !again)
      events.push({ call: 'write', ...told, ...answer, start, end: others.tick() });
    return answer.outcome;
  }

  function* update(name: string, start: number): Steps {
    for (;;) {
      const saw = register.read();
      yield* others.wait(3);
      const told: Write = { expects: saw === undefined ? 'absent' : { value: saw }, leaves: name };
      const outcome = yield* write(told, start, true);
      if (outcome !== 'refused') return;
    }
  }

  function* call(name: string): Steps {
    const drawn = random();
    const start = others.tick();
    yield* others.wait(3);
    const late = known.at(random() < 0.7 ? -1 : Math.floor(random() * known.length));
    const expects = late !== undefined && random() < 0.5 ? { value: late } : 'any';
    if (drawn < 0.3) {
      const saw = register.read();
      if (saw !== undefined) known.push(saw);
      yield* others.wait(3);
      events.push({ call: 'read', saw, start, end: others.tick() });
    } else if (drawn < 0.35) {
      const saw = register.look();
      yield* others.wait(3);
      events.push({ call: 'look', saw, start, end: others.tick() });
    } else if (drawn < 0.5) yield* update(name, start);
    else if (drawn < 0.65) yield* write({ expects, leaves: undefined }, start);
    else yield* write({ expects: random() < 0.3 ? 'absent' : expects, leaves: name }, start);
  }

  function* work(worker: number): Steps {
    for (let made = 0; made < calls; made += 1) {
      yield* call(`${worker}.${made}`);
      yield* others.wait(3);
    }
  }

  for (let worker = 0; worker < workers; worker += 1) others.begin(work(worker));
  others.run();
  return { events, bugs: register.bugs };
}
