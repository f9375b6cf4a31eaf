import { commit, getMany, type CasExpectation, type Change, type Version } from '@holdfast/core';
import type { Store } from './backends.ts';
import type { Tally } from './told.ts';

/** The id of a write, or `undefined` for nothing. */
type State = string | undefined;

/** A write of which nobody knows whether it has landed, and what had to be there for that. */
interface Pending {
  readonly state: State;
  readonly on: 'any' | { readonly state: State };
}

/** What is wrong with what is there, in words that are counted. */
export interface Wrongs {
  /** Something acknowledged is not there. */
  readonly lost: string[];
  /** Something acknowledged is there more than once, or again after it was replaced. */
  readonly appliedTwice: string[];
  /** Something is there of which it was said that it was not applied. */
  readonly falselyNotApplied: string[];
  /** A commit is there in part. */
  readonly torn: string[];
}

/**
 * One writer and the paths that are its own: one, with puts and deletes, or several, which it changes in commits. Since nobody
 * else writes there, it knows what may be there after whatever it was told.
 */
export class Chain {
  readonly paths: readonly string[];
  readonly #name: string;
  readonly #random: () => number;
  #ids = 0;
  /** What may be there, as far as everything has arrived that was sent. */
  #possible = new Set<State>([undefined]);
  #version: Version | undefined;
  readonly #pending: Pending[] = [];
  readonly #landed = new Set<State>();
  readonly #notApplied = new Set<State>();

  constructor(name: string, width: number, random: () => number) {
    this.#name = name;
    this.#random = random;
    this.paths = Array.from({ length: width }, (_, index) => `${name}/${index}`);
  }

  /** Writes once, in one of the ways that there are; answers whether it was told that it landed. */
  async write(store: Store, tally: Tally, wrongs: Wrongs, timeoutMs: number): Promise<boolean> {
    // Now and then it looks where it is; else it goes on with what it was told, or with anything.
    if (this.#version === undefined && this.#possible.size > 1 && this.#random() < 0.7) {
      const seen = await tally.read(this.#look(store));
      if (seen !== undefined) {
        this.#check(seen.value.state, wrongs, 'while it goes on');
        this.#possible = new Set([seen.value.state]);
        this.#version = seen.value.version;
      }
    }
    const { expectation, on } = this.#expectation();
    const deletes = on !== 'any' && on.state === undefined ? false : this.#random() < 0.2;
    const id = deletes ? undefined : `${this.#name}#${(this.#ids += 1)}`;
    const { told, value } = await tally.of(this.#send(store, id, expectation, timeoutMs));
    if (told === 'landed') {
      this.#possible = new Set([id]);
      if (id !== undefined) this.#landed.add(id);
      this.#version = value;
    } else if (told === 'unknown') {
      this.#pending.push({ state: id, on });
      this.#possible.add(id);
      this.#version = undefined;
    } else {
      if (id !== undefined) this.#notApplied.add(id);
      if (told === 'mismatch') this.#mismatched(on, wrongs);
    }
    return told === 'landed';
  }

  /** Checks what is there, as it was read by a connection that is well: of each path the id of what is there. */
  check(read: ReadonlyMap<string, string>, wrongs: Wrongs, when: string): void {
    const states = new Set(this.paths.map((path) => read.get(path)));
    if (states.size > 1) {
      wrongs.torn.push(`${this.#name} ${when}: ${[...states].join(' and ')}`);
      return;
    }
    this.#check([...states][0], wrongs, when);
  }

  #check(state: State, wrongs: Wrongs, when: string): void {
    if (this.#reachable().has(state)) return;
    const expected = [...this.#reachable()].map((each) => each ?? 'nothing').join(' or ');
    const told = `${this.#name} ${when}: ${state ?? 'nothing'} is there, and not ${expected}`;
    if (this.#notApplied.has(state)) wrongs.falselyNotApplied.push(told);
    else if (this.#landed.has(state)) wrongs.appliedTwice.push(told);
    else wrongs.lost.push(told);
  }

  /** What may be there once everything has arrived that may arrive late. */
  #reachable(): ReadonlySet<State> {
    const states = new Set(this.#possible);
    for (let before = -1; before !== states.size;) {
      before = states.size;
      for (const { state, on } of this.#pending) if (on === 'any' || states.has(on.state)) states.add(state);
    }
    return states;
  }

  #mismatched(on: Pending['on'], wrongs: Wrongs): void {
    const others = [...this.#reachable()].filter((state) => on === 'any' || state !== on.state);
    this.#version = undefined;
    if (on !== 'any' && others.length > 0) this.#possible = new Set(others);
    else wrongs.lost.push(`${this.#name}: it was said that something else is there, and nothing else can be`);
  }

  #expectation(): { readonly expectation: CasExpectation; readonly on: Pending['on'] } {
    const [state] = this.#possible;
    if (this.#random() < 0.2) return { expectation: 'any', on: 'any' };
    if (this.#version !== undefined) return { expectation: { version: this.#version }, on: { state } };
    if (this.#possible.has(undefined)) return { expectation: 'absent', on: { state: undefined } };
    return { expectation: 'any', on: 'any' };
  }

  async #send(store: Store, id: State, expectation: CasExpectation, timeoutMs: number): Promise<Version | undefined> {
    const options = { timeoutMs };
    const [path = ''] = this.paths;
    if (id === undefined) {
      if (expectation === 'absent') throw new TypeError('nothing is not deleted');
      if (this.paths.length === 1) await store.delete(path, expectation, options);
      else
        await commit(
          store,
          this.paths.map((each) => ({ delete: each, expectation })),
          options,
        );
      return undefined;
    }
    const padding = this.#random() < 0.05 ? 20_000 : this.#random() * 500;
    const entry = { body: Buffer.from(`${id} ${'.'.repeat(padding)}`) };
    if (this.paths.length === 1) return (await store.put(path, entry, expectation, options)).version;
    const changes = this.paths.map((each): Change => ({ put: each, entry, expectation }));
    return (await commit(store, changes, options)).version;
  }

  async #look(store: Store): Promise<{ readonly state: State; readonly version: Version | undefined }> {
    const [found] = await getMany(store, [this.paths[0] ?? ''], { timeoutMs: 1000 });
    return { state: found && idOf(found.body), version: found?.version };
  }
}

/** The id of the write that has left this body. */
export function idOf(body: Uint8Array): string {
  return Buffer.from(body).toString('latin1').split(' ')[0] ?? '';
}
