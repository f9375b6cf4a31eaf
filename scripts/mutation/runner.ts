import { appendFileSync } from 'node:fs';
import { TestRunner } from 'vitest';
import { readSession, type Finding } from './session.ts';

/** What the instrumenter's code reads and writes. */
interface Switch {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: { readonly static: Hits; readonly perTest: Record<string, Hits> };
}
type Hits = Record<string, number>;
type Task = Parameters<TestRunner['onAfterTryTask']>[0];

const session = readSession();
const alive = new Set(session.alive);
const mutants: Switch = ((globalThis as { __stryker__?: Switch }).__stryker__ ??= {});
if (session.loaded !== undefined) mutants.activeMutant = session.loaded;

// Tests put others in their place.
const { setTimeout, clearTimeout, setImmediate, performance } = globalThis;

/** A loop that goes round this many times as often as without the mutant does not end. */
const LOOPS = 100;

/**
 * Runs each test once as it is, which tells what mutants it reaches, and then once more with each of them that no test has
 * found yet. Nothing is loaded anew in between: a mutant costs what its tests take until one fails.
 */
export default class MutationRunner extends TestRunner {
  /** Those this test still has to meet; the first of them is active, or is next. */
  #waiting: string[] = [];
  #found: string[] = [];
  #hits: Hits = {};
  #took = 0;
  #began = 0;
  #plain = true;
  #over = false;
  /** Whether any mutant has been active in this process. */
  #changed = false;

  constructor(config: ConstructorParameters<typeof TestRunner>[0]) {
    super(config);
    process.on('unhandledRejection', () => (this.#rejected = true));
    process.on('uncaughtException', () => (this.#rejected = true));
  }
  #rejected = false;

  override async onBeforeRunTask(test: Task): Promise<void> {
    await super.onBeforeRunTask(test);
    if (test.mode !== 'run' && test.mode !== 'queued') return;
    const known = session.known[test.id];
    if (known && (known.took > session.longest || !known.reached.some((it) => alive.has(it)))) {
      test.mode = 'skip';
      return;
    }
    if (session.loaded !== undefined) {
      if (!alive.has(session.loaded)) test.mode = 'skip';
      return;
    }
    this.#waiting = [];
    this.#found = [];
    this.#plain = true;
    this.#over = false;
    // How often it runs is only known once it has run: Vitest compares with this each time.
    test.repeats = { valueOf: () => (this.#over ? -1 : Number.MAX_SAFE_INTEGER) } as unknown as number;
  }

  override onBeforeTryTask(test: Task, options: Parameters<TestRunner['onBeforeTryTask']>[1]): void {
    super.onBeforeTryTask(test, options);
    this.#rejected = false;
    this.#began = performance.now();
    if (session.loaded !== undefined) return;
    const mutant = this.#plain ? undefined : this.#waiting[0];
    if (mutant === undefined) {
      mutants.currentTestId = test.id;
      return;
    }
    tell({ is: 'trying', test: test.id, mutant });
    mutants.hitCount = 0;
    mutants.hitLimit = (this.#hits[mutant] ?? 1) * LOOPS;
    mutants.activeMutant = mutant;
  }

  /** A test that waits for what a mutant keeps from happening need not be waited for. */
  async runTask(test: Task): Promise<void> {
    const run = TestRunner.getTestFn(test)();
    if (this.#plain && session.loaded === undefined) {
      await run;
      return;
    }
    const most = 1000 + 10 * this.#took;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`no end within ${most} ms`)), most);
    try {
      await Promise.race([run, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  override async onAfterRetryTask(test: Task, options: Parameters<TestRunner['onAfterRetryTask']>[1]): Promise<void> {
    await super.onAfterRetryTask(test, options);
    // Rejections that nobody handles are told once the microtasks are through.
    await new Promise((resolve) => setImmediate(resolve));
    const result = test.result;
    if (!result || result.state === 'skip') {
      this.#over = true;
      return;
    }
    const bad = (result.errors?.length ?? 0) > 0 || result.state === 'fail' || this.#rejected;
    const failed = test.fails ? !bad : bad;
    const error = result.errors?.[0]?.message ?? 'an unhandled rejection';
    if (session.loaded !== undefined) {
      if (failed && alive.delete(session.loaded))
        tell({ is: 'found', test: test.id, name: fullName(test), mutant: session.loaded });
    } else if (this.#plain) {
      this.#plainRun(test, failed, error);
      // What a mutant left behind is in the way of the tests that follow: the process is ended, and they have a new one.
      if (failed && this.#changed) await new Promise<never>(() => {});
    } else this.#mutantRun(test, failed);
    result.errors = test.fails ? [{ message: 'as it should', name: 'Error' }] : [];
    result.state = test.fails ? 'fail' : 'pass';
  }

  #plainRun(test: Task, failed: boolean, error: string): void {
    mutants.currentTestId = undefined;
    if (failed) {
      tell({ is: 'failed', test: test.id, name: fullName(test), after: this.#found, changed: this.#changed, error });
      this.#over = true;
      return;
    }
    if (this.#found.length > 0) {
      // Seen to pass after all the mutants as well: none left anything behind.
      this.#over = true;
      return;
    }
    this.#took = performance.now() - this.#began;
    this.#hits = mutants.mutantCoverage?.perTest[test.id] ?? {};
    const reached = Object.keys(this.#hits);
    tell({ is: 'reached', test: test.id, mutants: reached, took: this.#took });
    if (this.#took > session.longest) {
      this.#over = true;
      return;
    }
    this.#waiting = reached.filter((it) => alive.has(it));
    this.#plain = false;
    this.#over = this.#waiting.length === 0;
  }

  #mutantRun(test: Task, failed: boolean): void {
    this.#changed = true;
    mutants.activeMutant = undefined;
    mutants.hitCount = undefined;
    const mutant = this.#waiting.shift();
    if (mutant === undefined) return;
    if (failed) {
      alive.delete(mutant);
      this.#found.push(mutant);
      tell({ is: 'found', test: test.id, name: fullName(test), mutant });
    } else tell({ is: 'missed', test: test.id, mutant });
    if (this.#waiting.length > 0) return;
    this.#plain = true;
    this.#over = this.#found.length === 0;
  }

  override onAfterRunFiles(files: Parameters<TestRunner['onAfterRunFiles']>[0]): void {
    super.onAfterRunFiles(files);
    tell({ is: 'loaded', mutants: Object.keys(mutants.mutantCoverage?.static ?? {}) });
  }
}

function fullName(test: Task): string {
  const names = [test.name];
  for (let it = test.suite; it !== undefined; it = it.suite) names.unshift(it.name);
  return names.join(' > ');
}

function tell(finding: Finding): void {
  appendFileSync(session.findings, `${JSON.stringify(finding)}\n`);
}
