import { inspect } from 'node:util';
import { ERROR_CODES, isHoldfastError, type RootFilesystem } from '@holdfast/core';
import { shownBy } from '@holdfast/test-support';
import type { Calls, FaultPlan } from './calls.ts';
import { entryOf, textOf } from './entries.ts';
import type { Call, Expected, Operation, Stage, Store } from './stage.ts';
import type { Tally } from './tally.ts';

/** How long anything may take at most, in milliseconds, before it counts as hung. */
const HUNG_MS = 20_000;

/** In the text of whatever a driver throws: nothing that is shown may have it. */
export const CANARY = 'secret-canary';

const HUNG = Symbol('hung');

/** Runs one operation, with some of its backend calls failing, and judges what became of it. */
export class Trial {
  readonly #store: Store;
  readonly #calls: Calls;
  readonly #tally: Tally;
  readonly #stage: Stage;
  readonly #operation: Operation;
  readonly #plan: FaultPlan | 'no faults';

  private constructor(
    { store, calls, tally }: TrialParts,
    stage: Stage,
    operation: Operation,
    plan: FaultPlan | 'no faults',
  ) {
    this.#store = store;
    this.#calls = calls;
    this.#tally = tally;
    this.#stage = stage;
    this.#operation = operation;
    this.#plan = plan;
  }

  /** Prepares a directory of its own, runs, and judges. The calls are counted by `parts.calls` afterwards, still. */
  static async run(parts: TrialParts, directory: string, operation: Operation, plan: FaultPlan | 'no faults') {
    const stage = await setStage(parts.store, directory, operation);
    const trial = new Trial(parts, stage, operation, plan);
    try {
      await trial.#run(parts.deadlineMs);
    } finally {
      if (stage.opened !== parts.store.instances[0]) await within(stage.opened.close());
    }
  }

  async #run(deadlineMs: number): Promise<void> {
    const calls = this.#operation.calls(this.#stage);
    this.#calls.arm(this.#plan);
    const results = calls.map((call) =>
      within(call.run({ timeoutMs: deadlineMs })).then(
        (answer) => ({ answer }),
        (error: unknown) => ({ error }),
      ),
    );
    await this.#operation.meanwhile?.(this.#stage);
    const ended = await Promise.all(results);
    this.#calls.disarm();
    this.#tally.add('faults', this.#calls.failed.length);
    await this.#checkUsable();
    for (const leak of await this.#store.leaks(this.#stage.at('').slice(0, -1))) this.#wrong('leaks', leak);
    const paths = [...new Set(calls.flatMap(({ changes = {} }) => Object.keys(changes)))];
    const found = new Map<string, string | undefined>();
    for (const path of paths) found.set(path, textOf(await this.#store.reader.get(path)));
    for (const [index, call] of calls.entries()) this.#judge(call, ended[index] as Ended, found);
  }

  #judge(call: Call, ended: Ended, found: ReadonlyMap<string, string | undefined>): void {
    if ('answer' in ended && ended.answer === HUNG) return this.#wrong('hung', 'the call');
    const state = call.changes && stateOf(call.changes, found, this.#stage);
    if (state === 'partial') this.#wrong('partial', inspect(Object.fromEntries(found)));
    if ('answer' in ended) {
      if (state === 'not applied') this.#wrong('false answers', 'acknowledged and not there');
      if (call.isRight?.(ended.answer) === false) this.#wrong('false answers', inspect(ended.answer, { depth: 4 }));
      this.#tally.add('applied');
      return;
    }
    const { error } = ended;
    if (!isHoldfastError(error) || !Object.hasOwn(ERROR_CODES, error.code))
      return this.#wrong('untyped', inspect(error));
    if (shownBy(error).some((text) => text.includes(CANARY))) this.#wrong('untyped', `leaks ${error.message}`);
    if (this.#plan === 'no faults' && error.code !== 'CLOSED') this.#wrong('false answers', inspect(error));
    if (call.changes !== undefined && error.outcome === undefined)
      this.#wrong('untyped', `no outcome: ${inspect(error)}`);
    if (error.outcome === 'not-applied' && state === 'applied') this.#wrong('false answers', inspect(error));
    this.#tally.add(error.outcome === 'unknown' ? 'unknown' : 'not applied');
  }

  async #checkUsable(): Promise<void> {
    for (const [index, fs] of this.#store.instances.entries()) {
      const path = this.#stage.at(`probe${index}`);
      const isVersioned = fs.capabilitiesAt('/').cas === 'versioned';
      const use = async (): Promise<boolean> => {
        await Promise.all([
          fs.put(path, entryOf('probe', isVersioned), 'any'),
          fs.put(`${path}-`, entryOf('probe', isVersioned), 'absent'),
        ]);
        return textOf(await fs.get(path)) === 'probe' && (await fs.delete(path, 'any')).deleted;
      };
      const answer = await within(use()).catch((error: unknown) => error);
      if (answer !== true) this.#wrong('unusable', answer === HUNG ? 'it hangs' : inspect(answer));
    }
  }

  #wrong(count: Parameters<Tally['wrong']>[0], words: string): void {
    const { nth, way, again } = this.#plan === 'no faults' ? { nth: 0, way: 0, again: 'never' } : this.#plan;
    const faults = `${this.#calls.failed.slice(0, 4).join(', ')}, call ${nth} way ${way} again ${again}`;
    this.#tally.wrong(count, `${this.#operation.name} (${faults}): ${words}`);
  }
}

/** What a trial works with. */
export interface TrialParts {
  readonly store: Store;
  readonly calls: Calls;
  readonly tally: Tally;
  readonly deadlineMs: number;
}

type Ended = { readonly answer: unknown } | { readonly error: unknown };

async function within<T>(work: Promise<T>): Promise<T | typeof HUNG> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof HUNG>((resolve) => (timer = setTimeout(resolve, HUNG_MS, HUNG)));
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function setStage(store: Store, directory: string, { name, needs }: Operation): Promise<Stage> {
  const at = (of: string): string => `${directory}/${of}`;
  const { reader } = store;
  const isVersioned = reader.capabilitiesAt('/').cas === 'versioned';
  const make = async (of: string) => (await reader.put(at(of), entryOf(of, isVersioned), 'absent')).version;
  const [a, b] = await Promise.all([make('a'), make('b')]);
  const opened: RootFilesystem =
    needs === 'opening' && name.startsWith('close') ? await (store.open?.() ?? store.instances[0]) : store.instances[0];
  return { ...store, at, a, b, opened };
}

/** What a call has done, by what is there. What was there before is the name of the entry, or nothing. */
function stateOf(
  changes: Readonly<Record<string, Expected>>,
  found: ReadonlyMap<string, string | undefined>,
  { at }: Stage,
): 'applied' | 'not applied' | 'partial' {
  const before = (path: string): string | undefined => ['a', 'b'].find((name) => at(name) === path);
  const each = Object.entries(changes).map(([path, expected]) => {
    const text = found.get(path);
    if (typeof expected === 'function') return expected(text) ? 'applied' : 'not applied';
    if (text === expected) return 'applied';
    return text === before(path) ? 'not applied' : 'partial';
  });
  const [first = 'applied', ...others] = each;
  return others.every((other) => other === first) ? first : 'partial';
}
