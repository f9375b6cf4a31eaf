import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findSharedState, modulesFrom, type Read } from './support/shared-state/find-shared-state.ts';

const src = new URL('../src/', import.meta.url);
const read: Read = (file) => readFileSync(new URL(file, src), 'utf8');
const ENTRIES = ['cas', 'transact'].flatMap((folder) =>
  readdirSync(new URL(`${folder}/`, src))
    .filter((name) => !/\.test(-d)?\.ts$/.test(name))
    .map((name) => `${folder}/${name}`),
);

/**
 * How deep stacks go is said for one error and taken back before anybody else runs; the clock keeps functions of the
 * runtime, and the alarms that calls have set, in order of their moments, none of which anybody else waits for; who ends a call when the event loop has not turned for long waits for that by itself;
 * until when a stack that is being closed waits is said to what it closes, at once; a filesystem is asked to delete an
 * entry, and no map a key. A round of updates of one path is known to others, who take part in it: it waits for nobody's
 * function, and nobody waits longer for it than its tests show.
 */
const HARMLESS =
  /^(errors\/error-stack|timing\/clock|timing\/earliest-first|timing\/event-loop-share|filesystem\/closing|operations\/delete\/delete|rounds\/(rounds?|sequence))\.ts:/;

const sharedByCalls = (from: Read): string[] =>
  findSharedState(ENTRIES, from).filter((problem) => !HARMLESS.test(problem));

/** Finds in a file that stands alone. */
const findIn = (text: string): string[] => findSharedState(['sample.ts'], () => text);

test('no lock is held across an await in casUpdate or transact: nothing in it, or in what it imports, outlives a call', () => {
  expect(sharedByCalls(read)).toEqual([]);
});

test('what is looked into is both with everything they run', () => {
  const files = modulesFrom(ENTRIES, read).map(({ file }) => file);
  for (const file of [
    'cas/cas-update.ts',
    'cas/cas-attempt.ts',
    'transact/transact-attempt.ts',
    'updates/run-update.ts',
    'updates/backoff.ts',
    'timing/pause.ts',
    'filesystem/operation-context.ts',
  ]) {
    expect(files).toContain(file);
  }
  expect(files.every((file) => read(file).length > 0)).toBe(true);
});

test.each<[string, string]>([
  [
    'a promise chain for each path',
    `const tails = new Map<string, Promise<unknown>>();
     export async function casUpdate(path: string, run: () => Promise<void>) {
       const before = tails.get(path);
       const mine = (async () => { await before; await run(); })();
       tails.set(path, mine);
       return mine;
     }`,
  ],
  [
    'one chain for all',
    'let tail: Promise<void> = Promise.resolve(); export const run = (f: () => Promise<void>) => (tail = tail.then(f));',
  ],
  ['a variable that is exported', 'export let running = 0;'],
  ['a var', 'var running;'],
  ['a map by filesystem', 'const held = new WeakMap<object, Promise<void>>();'],
  [
    'an object as a map',
    'const held: Record<string, Promise<void>> = {}; export function run(path: string) { held[path] = f(); }',
  ],
  ['an object with a field', 'const state = { tail: undefined }; export function run() { state.tail = f(); }'],
  ['a field that is deleted', 'const state = {}; export function run(path) { delete state[path]; }'],
  ['a counter', 'const state = { running: 0 }; export function run() { state.running++; }'],
  [
    'a list of those who wait',
    'const others: (() => void)[] = []; export const wait = () => new Promise<void>((go) => others.push(go));',
  ],
  ['a set that is added to', "const busy = new Set(['none']); export function run(path) { busy.add(path); }"],
  ['an empty set', 'const busy = new Set();'],
  ['a static field', 'export class Attempt { static #tail = Promise.resolve(); }'],
  ['a static field without a value', 'export class Attempt { static tail; }'],
  ['a class that changes itself', 'export class Attempt { static begin() { this.tail = 1; } }'],
  ['a class that is changed', 'export class Attempt {} export function run() { Attempt.tail = f(); }'],
  ['a property of the function', 'export function run() { run.tail = f(); }'],
  ['a closure', 'const next = (() => { let tail; return () => tail; })();'],
  ['a value of unknown make', 'import { make } from "./make.ts"; const gate = make();'],
  ['an instance', 'class Gate {} const gate = new Gate();'],
  ['a value taken apart', 'const { acquire } = make();'],
  ['a promise', 'const ready = Promise.resolve();'],
  ['top-level await', 'await f();'],
  ['the global object', 'export function run() { globalThis.tail ??= f(); }'],
  ['the global object by another name', 'export const run = () => self["tail"];'],
  ['the locks of the browser', 'export const run = (path) => navigator.locks.request(path, f);'],
  ['memory that threads share', 'export const run = (it) => Atomics.wait(it, 0, 0);'],
  [
    'a property on the filesystem',
    'const KEY = Symbol.for("tail"); export function run(filesystem) { filesystem[KEY] = f(); }',
  ],
  [
    'a property on it by another way',
    'export function run(filesystem) { Object.defineProperty(filesystem, "tail", { value: f() }); }',
  ],
  ['a property on it by another name', 'export function run(filesystem) { const it = filesystem; it.tail = f(); }'],
  ['a map that was given', 'export function run(path, options) { options.tails.set(path, f()); }'],
  ['a list that was given', 'export function run(options) { const { waiting } = options; waiting.push(f); }'],
  ['a wait for what was given', 'export async function run(options) { await options.before; }'],
  ['a wait for one of several', 'export async function run(options) { await Promise.all([f(), options.before]); }'],
  ['a race with what was given', 'export const run = (options) => Promise.race([f(), options.before]);'],
  ['a continuation of what was given', 'export const run = (options) => options.before.then(f);'],
  ['a wait for an import', 'import { ready } from "./sample.ts"; export async function run() { await ready; }'],
  ['a wait at an import', 'import { gate } from "./sample.ts"; export async function run() { await gate.enter(); }'],
  [
    'an iteration over what was given',
    'export async function run(options) { for await (const turn of options.turns) f(turn); }',
  ],
  ['a name', 'export async function run(path) { await acquireLock(path); }'],
  ['a private name', 'export class Attempt { #writeMutex = f(); }'],
  ['a package that cannot be looked into', 'import PQueue from "p-queue"; export const run = f;'],
  ['a module of Node', 'import { AsyncResource } from "node:async_hooks";'],
  ['an import at run time', 'export const run = async () => (await import("./sample.ts")).default;'],
  ['an expression that remembers', 'const WORD = /a/g;'],
])('%s is found', (_, text) => {
  expect(findIn(text)).not.toEqual([]);
});

test.each<[string, string]>([
  [
    'constants',
    'export const A = 1; const B = `x${A}`; const C = /a/; const D = -1; const E = { a: [A, "x"] } as const; const F = Symbol.for("x");',
  ],
  [
    'functions and classes',
    'export const f = async () => { await f(); }; class K { #a = new Map(); static b() { return 1; } }',
  ],
  [
    'a list to look up in',
    "const NAMES: ReadonlySet<string> = new Set(['a', 'b']); export const has = (it) => NAMES.has(it);",
  ],
  [
    'variables of a call',
    'export function f() { let a = 0; a += 1; const m = new Map(); m.set(a, a); const { b } = m; return [a, b]; }',
  ],
  ['fields of an instance', 'export class K { #a; set(a) { this.#a = a; } async wait() { await this.#a; } }'],
  [
    'work of its own',
    'export async function f(g) { const work = g(); await Promise.race([work, g.h()]); await new Promise((it) => it()); }',
  ],
  [
    'types',
    'import type { Lock } from "async-lock"; interface Queue { mutex: Lock } declare const held: unique symbol;',
  ],
])('%s are nothing to find', (_, text) => {
  expect(findIn(text)).toEqual([]);
});

test('a chain that is hidden in an imported file is found', () => {
  const files: Record<string, string> = {
    'cas/update.ts': "import { before } from '../other/turns.ts'; export const run = () => before();",
    'other/turns.ts': "export { before } from './deep.ts';",
    'other/deep.ts': 'const tails = new Map(); export const before = (path) => tails.get(path);',
  };
  const found = findSharedState(['cas/update.ts'], (file) => files[file] ?? '');
  expect(found).toEqual(['other/deep.ts:1: a value that every call shares']);
});

test('a chain that somebody adds to casUpdate as it is now is found', () => {
  const broken: Read = (file) => {
    const text = read(file);
    if (file !== 'updates/run-update.ts') return text;
    const begun = 'return await attempt(attempts)';
    expect(text).toContain(begun);
    const held = text.replace(begun, `await tails.get(path); ${begun}`);
    return `${held}\nconst tails = new Map<string, Promise<unknown>>();\n`;
  };
  expect(sharedByCalls(broken)).toEqual([
    expect.stringMatching(/^updates\/run-update\.ts:\d+: a value that every call shares$/),
    expect.stringMatching(/^updates\/run-update\.ts:\d+: waits for something that was there before the call$/),
  ]);
});
