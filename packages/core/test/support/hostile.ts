const boom = (): never => {
  throw new Error('boom: secret');
};

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Objects that throw when they are looked at, each in another way. */
export const THROWERS: readonly (readonly [string, () => object])[] = [
  ['a proxy that hides its keys', () => new Proxy({}, { ownKeys: boom })],
  ['a proxy whose every property throws', () => new Proxy({ version: 'v', body: 1 }, { get: boom })],
  ['a revoked proxy', revoked],
];

/** An object of which one property throws. */
export function throwingGetter(key: string, rest: object = {}): object {
  return Object.defineProperty({ ...rest }, key, { get: boom, enumerable: true });
}

/** What is neither a string nor an object with a property that anybody expects. */
export const JUNK: readonly unknown[] = [
  undefined,
  null,
  0,
  -1,
  1,
  1n,
  Number.NaN,
  '',
  'Any',
  'ABSENT',
  ' any',
  'version',
  true,
  false,
  Symbol('any'),
  [],
  ['any'],
  {},
  new Map(),
  new Date(0),
  () => 'any',
  new String('any'),
];
