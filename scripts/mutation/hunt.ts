import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../toolchain/root.mjs';
import type { Mutant, Mutated } from './mutants.ts';
import { LEFT_OUT } from './parts.ts';
import { SESSION, type Finding, type Known, type Session } from './session.ts';

export interface Outcome {
  readonly mutant: Mutant;
  /**
   * `found` by a test, `ended` since it hung, `missed` by all tests that reach it, `loaded` before any test runs and not found,
   * or `unreached`.
   */
  readonly is: 'found' | 'ended' | 'missed' | 'loaded' | 'unreached';
  /** The name of the test that found it. */
  readonly by?: string;
}

/** With nothing told for so long, in milliseconds, a run hangs in a loop that no promise ends. */
const SILENCE = 30_000;

/** A test that takes longer, in milliseconds, is left for those that no quicker one finds. */
const QUICK = 40;

/** Sends tests after mutants: first the quick ones, then all that are about these sources, then the further ones. */
export class Hunt {
  readonly #mutated: Mutated;
  readonly #alive: Set<string>;
  readonly #known = new Map<string, { reached: Set<string>; took: number }>();
  readonly #reached = new Set<string>();
  readonly #loaded = new Set<string>();
  readonly #found = new Map<string, string>();
  readonly #ended = new Set<string>();
  /** Tests that failed before any mutant was active. */
  readonly failed: string[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), 'holdfast-mutation-'));

  constructor(mutated: Mutated, mutants: readonly Mutant[]) {
    this.#mutated = mutated;
    this.#alive = new Set(mutants.map((it) => it.id));
  }

  async run(tests: readonly string[], longest = QUICK): Promise<void> {
    while (this.#alive.size > 0 && (await this.#once(tests, longest)).hung);
  }

  /** Those in what runs as modules are loaded: each needs a run of its own. */
  async runLoaded(tests: readonly string[]): Promise<void> {
    for (const mutant of [...this.#loaded].filter((it) => this.#alive.has(it) && !this.#reached.has(it))) {
      const { hung, code } = await this.#once(tests, Infinity, mutant);
      // A module that cannot be loaded fails its tests before they run.
      if ((hung || code !== 0) && this.#alive.delete(mutant)) this.#found.set(mutant, 'loading');
    }
  }

  outcomes(mutants: readonly Mutant[]): Outcome[] {
    return mutants.map((mutant) => {
      const { id } = mutant;
      const by = this.#found.get(id);
      if (by !== undefined) return { mutant, is: 'found', by };
      if (this.#ended.has(id)) return { mutant, is: 'ended' };
      if (this.#reached.has(id)) return { mutant, is: 'missed' };
      return { mutant, is: this.#loaded.has(id) ? 'loaded' : 'unreached' };
    });
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  async #once(
    include: readonly string[],
    longest: number,
    loaded?: string,
  ): Promise<{ readonly hung: boolean; readonly code: number }> {
    const findings = join(this.#folder, 'findings');
    const known: Record<string, Known> = {};
    if (loaded === undefined)
      for (const [test, { reached, took }] of this.#known) known[test] = { reached: [...reached], took };
    const session: Session = {
      sources: this.#mutated.sources,
      include,
      exclude: LEFT_OUT,
      alive: [...this.#alive],
      known,
      longest: Number.isFinite(longest) ? longest : Number.MAX_SAFE_INTEGER,
      ...(loaded !== undefined && { loaded }),
      findings,
    };
    const path = join(this.#folder, 'session.json');
    writeFileSync(path, JSON.stringify(session));
    writeFileSync(findings, '');
    const end = await vitest(path, findings);
    // One that is active from the start is ended by whoever asked for it.
    this.#read(findings, end.hung && loaded === undefined);
    return end;
  }

  #read(path: string, hung: boolean): void {
    let trying: string | undefined;
    let blocked = false;
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      const it = JSON.parse(line) as Finding;
      if (it.is === 'trying') trying = it.mutant;
      if (it.is === 'loaded') for (const id of it.mutants) this.#loaded.add(id);
      if (it.is === 'reached') {
        this.#known.set(it.test, { reached: new Set(it.mutants), took: it.took });
        for (const id of it.mutants) this.#reached.add(id);
      }
      if (it.is === 'missed' || it.is === 'found') {
        this.#known.get(it.test)?.reached.delete(it.mutant);
        trying = undefined;
      }
      if (it.is === 'found') {
        this.#alive.delete(it.mutant);
        this.#found.set(it.mutant, it.name);
      }
      if (it.is === 'failed') {
        if (!it.changed) this.failed.push(`${it.name}: ${it.error.split('\n', 1)[0]}`);
        blocked = it.changed;
        // One of them left something behind, and others may have been found for that.
        for (const id of it.after) {
          this.#alive.add(id);
          this.#found.delete(id);
        }
      }
    }
    if (!hung || blocked) return;
    if (trying === undefined) throw new Error('The tests hang without any mutant.');
    this.#alive.delete(trying);
    this.#ended.add(trying);
  }
}

function vitest(session: string, findings: string): Promise<{ readonly hung: boolean; readonly code: number }> {
  const config = join(root, 'scripts/mutation/vitest.config.ts');
  const program = join(root, 'node_modules/vitest/vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'run', '--config', config], {
      cwd: root,
      env: { ...process.env, [SESSION]: session },
      stdio: process.env['HOLDFAST_MUTATION_OUTPUT'] === undefined ? 'ignore' : 'inherit',
      // A group of its own, so that the processes that Vitest starts end with it.
      detached: true,
    });
    let hung = false;
    let size = -1;
    let since = Date.now();
    const watch = setInterval(() => {
      const now = statSync(findings).size;
      if (now !== size) {
        size = now;
        since = Date.now();
      } else if ((Date.now() - since > SILENCE || isBlocked(findings)) && child.pid !== undefined) {
        hung = true;
        process.kill(-child.pid, 'SIGKILL');
      }
    }, 1000);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ hung, code: code ?? 1 });
    });
  });
}

/** Whether the last that was told is a failure after which the process waits to be ended. */
function isBlocked(findings: string): boolean {
  const last = readFileSync(findings, 'utf8').trimEnd().split('\n').at(-1);
  if (last === undefined || last === '') return false;
  const finding = JSON.parse(last) as Finding;
  return finding.is === 'failed' && finding.changed;
}
