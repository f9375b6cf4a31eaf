import { isHoldfastError, type EntryInput, type RootFilesystem, type Snapshot, type Version } from '@holdfast/core';
import { sameBytes } from '@holdfast/core/adapter';
import { checkRegister } from '../history/check-register.ts';
import type { RegisterEvent, WriteCall } from '../history/register-event.ts';
import { check, checkEqual } from '../support/check.ts';
import { FOREIGN } from '../support/states.ts';
import type { RacerCall } from './duels.ts';
import type { RaceShape } from './race-shape.ts';

/** What somebody expects who expects a version: the version, and the value that had it. */
interface Known {
  readonly version: Version;
  readonly value: string;
}

/** What is put. */
interface Given {
  readonly value: string;
  /** Whether it is a record, where there are any. */
  readonly isRecord: boolean;
}

interface Timed {
  readonly start: number;
  readonly end: number;
}

/** A read, of which is only known in the end whose value it saw. */
interface Seen extends Timed {
  readonly snapshot: Snapshot | undefined;
}

const NO_METADATA = { kind: undefined, indexed: undefined };

const NOBODYS: Known = { version: FOREIGN, value: 'nobody' };

/** One race for one path, from what was there before to the check of what everybody saw. */
export class PathRace {
  readonly #instances: readonly RootFilesystem[];
  readonly #shape: RaceShape;
  readonly #path: string;
  readonly #writes: WriteCall[] = [];
  readonly #reads: Seen[] = [];
  /** What was put for each value. */
  readonly #givenFor = new Map<string, Given>();
  /** The value of every version that a put was answered with. */
  readonly #valueOf = new Map<Version, string>();
  #current: Known = NOBODYS;
  #stale: Known = NOBODYS;
  #clock = 0;

  constructor(instances: readonly RootFilesystem[], shape: RaceShape, path: string) {
    this.#instances = instances;
    this.#shape = shape;
    this.#path = path;
  }

  /** Brings the path to where the race starts. */
  async prepare(): Promise<void> {
    const { start } = this.#shape;
    const [filesystem] = this.#instances as [RootFilesystem];
    if (start === 'never written') return;
    await this.#put(filesystem, { value: 'first', isRecord: false }, 'any');
    if (start === 'written again') await this.#delete(filesystem, 'any');
    await this.#put(filesystem, { value: 'second', isRecord: this.#shape.start === 'written again' }, 'any');
    if (start === 'deleted') await this.#delete(filesystem, 'any');
    const [stale = NOBODYS, current = NOBODYS] = [...this.#valueOf].map(([version, value]) => ({ version, value }));
    this.#stale = stale;
    this.#current = current;
  }

  /** Makes the call of one racer, who looks afterwards what is there. */
  async run(racer: number, call: RacerCall): Promise<void> {
    const filesystem = this.#instances[racer % this.#instances.length] as RootFilesystem;
    // Two of each, so that on both sides of a duel there are both.
    await this.#make(filesystem, call, { value: `racer ${racer}`, isRecord: (racer >> 1) % 2 === 1 });
    await this.#read(filesystem);
  }

  /** Looks through every instance and checks all that was seen. */
  async finish(): Promise<void> {
    const many = this.#shape.paths > 1;
    for (const filesystem of many ? this.#instances.slice(0, 1) : this.#instances) await this.#read(filesystem);
    checkRegister(this.#events(), this.#path);
  }

  #make(filesystem: RootFilesystem, call: RacerCall, given: Given): Promise<void> {
    switch (call) {
      case 'put any':
        return this.#put(filesystem, given, 'any');
      case 'put absent':
        return this.#put(filesystem, given, 'absent');
      case 'put version':
        return this.#put(filesystem, given, this.#current);
      case 'put stale':
        return this.#put(filesystem, given, this.#stale);
      case 'delete any':
        return this.#delete(filesystem, 'any');
      case 'delete version':
        return this.#delete(filesystem, this.#current);
    }
  }

  async #put(filesystem: RootFilesystem, given: Given, expects: 'any' | 'absent' | Known): Promise<void> {
    const { value } = given;
    const entry = { body: this.#shape.bodyOf(value), ...this.#metadataOf(given) };
    this.#givenFor.set(value, given);
    await this.#write(expects, value, async () => {
      const expectation = typeof expects === 'string' ? expects : { version: expects.version };
      const { version } = await filesystem.put(this.#path, entry, expectation);
      if (version === undefined) return {};
      check(!this.#valueOf.has(version), 'a version for each put that no other put was answered with');
      this.#valueOf.set(version, value);
      return {};
    });
  }

  async #delete(filesystem: RootFilesystem, expects: 'any' | Known): Promise<void> {
    await this.#write(expects, undefined, async () => {
      const { deleted } = await filesystem.delete(this.#path, expects === 'any' ? 'any' : { version: expects.version });
      return { deleted };
    });
  }

  async #write(
    expects: 'any' | 'absent' | Known,
    leaves: string | undefined,
    call: () => Promise<{ deleted?: boolean }>,
  ): Promise<void> {
    const start = this.#tick();
    let told: Pick<WriteCall, 'outcome' | 'deleted'>;
    try {
      told = { outcome: 'done', ...(await call()) };
    } catch (error) {
      told = { outcome: outcomeOf(error) };
    }
    const expected = typeof expects === 'string' ? expects : { value: expects.value };
    this.#writes.push({ call: 'write', expects: expected, leaves, ...told, start, end: this.#tick() });
  }

  async #read(filesystem: RootFilesystem): Promise<void> {
    const start = this.#tick();
    const snapshot = await filesystem.get(this.#path);
    this.#reads.push({ snapshot, start, end: this.#tick() });
  }

  #events(): RegisterEvent[] {
    const reads = this.#reads.flatMap(({ snapshot, start, end }): RegisterEvent[] => {
      const saw = snapshot && this.#valueIn(snapshot);
      // Of a put whose outcome nobody knows, equal bytes do not say that it was this one.
      return saw === UNKNOWN ? [] : [{ call: 'read', saw, start, end }];
    });
    return [...this.#writes, ...reads];
  }

  #metadataOf({ value, isRecord }: Given): Pick<EntryInput, 'kind' | 'indexed'> {
    const { records, indexed } = this.#shape;
    if (!isRecord || !records) return {};
    return { kind: 'Raced', ...(indexed ? { indexed: { of: value } } : {}) };
  }

  #valueIn({ version, body, kind, indexed }: Snapshot): string | typeof UNKNOWN {
    const { bodyOf } = this.#shape;
    const answered = version && this.#valueOf.get(version);
    if (answered !== undefined) {
      check(sameBytes(bodyOf(answered), body), `the whole body of ${answered} under its version`);
      const metadata = this.#metadataOf(this.#givenFor.get(answered) as Given);
      checkEqual({ kind, indexed }, { ...NO_METADATA, ...metadata }, `what ${answered} is stored with`);
      return answered;
    }
    const possible = this.#writes
      .filter(({ leaves, outcome }) => leaves !== undefined && (version === undefined || outcome === 'unknown'))
      .map(({ leaves }) => leaves as string)
      .filter((value) => sameBytes(bodyOf(value), body));
    check(possible.length > 0, 'the whole body of one put, with the version it was answered with');
    return possible.length === 1 ? (possible[0] as string) : UNKNOWN;
  }

  #tick(): number {
    this.#clock += 1;
    return this.#clock;
  }
}

const UNKNOWN = Symbol('unknown');

/** How a racer has lost; what is no way to lose is thrown. */
function outcomeOf(error: unknown): WriteCall['outcome'] {
  if (isHoldfastError(error, 'VERSION_MISMATCH')) {
    checkEqual(error.outcome, 'not-applied', "a loser's outcome");
    return 'refused';
  }
  // A store that is asked for too much at once may say so.
  const tooMuch = isHoldfastError(error, 'BUSY') || isHoldfastError(error, 'TIMEOUT');
  if (!tooMuch) throw error;
  return error.outcome === 'unknown' ? 'unknown' : 'not-applied';
}
