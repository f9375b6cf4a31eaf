import type { Permission } from '../../src/routing/route.ts';

/** What a mount table or a view of any depth should do, written down as simply as possible and without its code. */
export type Model = Store | Routes;

/** The innermost: texts by path. */
export interface Store {
  readonly texts: Map<string, string>;
  /** What every call that gets here fails with. */
  fails?: string | undefined;
}

/** A mount table, or a view. */
export interface Routes {
  readonly routes: readonly ModelRoute[];
}

/** One mount, or one grant. */
export interface ModelRoute {
  readonly at: string;
  readonly to: string;
  readonly permissions: readonly Permission[];
  readonly inner: Model;
}

/** A refusal, by its code. */
export class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** What is known of one child. */
export interface ModelChild {
  readonly isEntry: boolean;
  readonly isPrefix: boolean;
}

/** Order by UTF-8 bytes. */
export function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}

function below(directory: string): string {
  return directory === '/' ? '/' : `${directory}/`;
}

function inCharge({ routes }: Routes, path: string): ModelRoute | undefined {
  return routes
    .filter(({ at }) => path === at || path.startsWith(below(at)))
    .toSorted((one, other) => other.at.length - one.at.length)[0];
}

function translate(path: string, from: string, to: string): string {
  const rest = path === from ? '' : path.slice(below(from).length);
  return rest === '' ? to : below(to) + rest;
}

function storeOf(store: Store): Map<string, string> {
  if (store.fails !== undefined) throw new Refused(store.fails);
  return store.texts;
}

/** The store an entry is in, and its path there. */
export function locate(model: Model, path: string, permission: Permission): [Map<string, string>, string] {
  if ('texts' in model) return [storeOf(model), path];
  const route = inCharge(model, path);
  if (route === undefined) throw new Refused('NOT_MOUNTED');
  if (route.at === path) throw new Refused('INVALID_PATH');
  if (!route.permissions.includes(permission)) throw new Refused('ACCESS_DENIED');
  // The place of a route that leads to `/` is refused above, so this is never `/`.
  return locate(route.inner, translate(path, route.at, route.to), permission);
}

/** What serves a directory or an entry, whatever may be done with it. */
export function serving(model: Model, path: string): Store {
  if ('texts' in model) return model;
  const route = inCharge(model, path);
  if (route === undefined) throw new Refused('NOT_MOUNTED');
  return serving(route.inner, translate(path, route.at, route.to));
}

/** Every child of a directory. */
export function children(model: Model, directory: string): Map<string, ModelChild> {
  const found = new Map<string, ModelChild>();
  if ('texts' in model) {
    for (const path of storeOf(model).keys()) {
      if (!path.startsWith(below(directory))) continue;
      const [name = '', ...rest] = path.slice(below(directory).length).split('/');
      const { isEntry, isPrefix } = found.get(name) ?? { isEntry: false, isPrefix: false };
      found.set(name, { isEntry: isEntry || rest.length === 0, isPrefix: isPrefix || rest.length > 0 });
    }
    return found;
  }
  const route = inCharge(model, directory);
  const nested = model.routes.filter(({ at }) => at !== directory && at.startsWith(below(directory)));
  if (route === undefined && nested.length === 0) throw new Refused('NOT_MOUNTED');
  if (route?.permissions.includes('list') === false) throw new Refused('ACCESS_DENIED');
  if (route !== undefined) {
    for (const [name, child] of children(route.inner, translate(directory, route.at, route.to))) found.set(name, child);
  }
  for (const { at } of nested) {
    const [name = ''] = at.slice(below(directory).length).split('/');
    const hidden = nested.some((other) => other.at === below(directory) + name);
    found.set(name, { isEntry: !hidden && found.get(name)?.isEntry === true, isPrefix: true });
  }
  return found;
}

/** Every entry below a directory and behind a cursor; and what an iteration that comes by all of them runs into. */
export interface ModelEntries {
  readonly paths: readonly string[];
  readonly refusals: readonly ModelRefusal[];
}

/** What an iteration runs into, and at which directory. */
export interface ModelRefusal {
  readonly code: string;
  readonly at: string;
}

/** What `entries` should give. */
export function entriesBelow(model: Model, directory: string, after: string | undefined): ModelEntries {
  const isDue = (path: string): boolean => after === undefined || byBytes(path, after) > 0;
  if ('texts' in model) {
    const paths = [...storeOf(model).keys()].filter((path) => path.startsWith(below(directory)) && isDue(path));
    return { paths: paths.toSorted(byBytes), refusals: [] };
  }
  const own = inCharge(model, directory);
  const nested = model.routes.filter(({ at }) => at !== directory && at.startsWith(below(directory)));
  if (own === undefined && nested.length === 0) throw new Refused('NOT_MOUNTED');
  if (own !== undefined && !isIterable(own)) throw new Refused('ACCESS_DENIED');
  const paths: string[] = [];
  const refusals: ModelRefusal[] = [];
  for (const route of [...(own === undefined ? [] : [own]), ...nested.filter(isIterable)]) {
    const start = route === own ? directory : route.at;
    const isIn = after?.startsWith(below(start)) === true;
    if (after !== undefined && !isIn && byBytes(below(start), after) < 0) continue;
    try {
      const cursor = isIn ? translate(after, route.at, route.to) : undefined;
      const there = entriesBelow(route.inner, translate(start, route.at, route.to), cursor);
      // What is wrong with what another route hides, or with all of it, is passed over with it.
      const deeper = nested.filter(({ at }) => at !== route.at && at.startsWith(below(route.at)));
      const isHidden = (path: string): boolean => deeper.some(({ at }) => below(path).startsWith(below(at)));
      const seen = there.refusals.map(({ code, at }) => ({ code, at: translate(at, route.to, route.at) }));
      refusals.push(...seen.filter(({ at }) => !(at.startsWith(below(start)) && isHidden(at))));
      const here = there.paths.map((path) => translate(path, route.to, route.at));
      paths.push(...here.filter((path) => inCharge(model, path) === route));
    } catch (thrown) {
      refusals.push({ code: (thrown as Refused).code, at: start });
    }
  }
  return { paths: paths.toSorted(byBytes), refusals };
}

function isIterable({ permissions }: ModelRoute): boolean {
  return permissions.includes('read') && permissions.includes('list');
}
