import fc from 'fast-check';

/** In whatever must not be shown: no message, no printed form and no cause of an error may have it. */
export const CANARY = 'c4n4ry-of-a-secret-that-is-as-long-as-a-key';

/** What is thrown by code of the caller: where that is called to decide or to encode, it is passed on as it is. */
export class Thrown extends Error {
  constructor() {
    super(`thrown with a ${CANARY}`);
  }
}

/** A value that is made anew for each input, with a name for people. */
export interface Made<T = unknown> {
  readonly name: string;
  readonly make: () => T;
}

const boom = (): never => {
  throw new Thrown();
};

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function detached(): Uint8Array {
  const bytes = new Uint8Array(8);
  structuredClone(bytes, { transfer: [bytes.buffer] });
  return bytes;
}

/** An object whose every property is another each time that it is looked at. */
function changing(): object {
  const answers = [undefined, 'any', { version: CANARY }, 1, Symbol('it'), new Uint8Array(3)];
  let looks = 0;
  return new Proxy({}, { get: () => answers[(looks += 1) % answers.length], has: () => true });
}

function cyclic(): object {
  const it: Record<string, unknown> = { [CANARY]: CANARY };
  it['self'] = it;
  return it;
}

const PRIMITIVES: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => Number.NaN,
  Infinity: () => Infinity,
  '-0': () => -0,
  '2 ** 53': () => 2 ** 53,
  '1e308': () => 1e308,
  '-1': () => -1,
  '0.5': () => 0.5,
  'a bigint': () => 10n ** 40n,
  'a symbol': () => Symbol(CANARY),
  true: () => true,
  'an empty string': () => '',
  'a lone surrogate': () => `/\uD800${CANARY}`,
  'a long string': () => `/${CANARY}/${'x'.repeat(3000)}`,
  'a NUL': () => `/a\0${CANARY}`,
  __proto__: () => '__proto__',
  constructor: () => 'constructor',
};

const OBJECTS: Readonly<Record<string, () => unknown>> = {
  'an object without a prototype': () => Object.create(null) as object,
  'an object with __proto__': () => JSON.parse(`{"__proto__":{"polluted":"${CANARY}"},"constructor":1}`) as object,
  'a getter that throws': () => Object.defineProperty({}, 'body', { get: boom, enumerable: true }),
  'a proxy that throws': () => new Proxy({}, { get: boom, ownKeys: boom, has: boom, getPrototypeOf: boom }),
  'a proxy without keys': () => new Proxy({}, { ownKeys: boom }),
  'a proxy whose prototype throws': () => new Proxy({}, { getPrototypeOf: boom }),
  'a revoked proxy': () => revoked({}),
  'a revoked proxy of an array': () => revoked([]),
  'what changes': changing,
  'a cycle': cyclic,
  'an array-like': () => ({ length: 3, 0: 1, 1: 2, 2: CANARY }),
  'a long array-like': () => ({ length: 2 ** 53 }),
  'a sparse array': () => Array.from<unknown>({ length: 3 }).concat(Array(3)),
  'an array with more': () => Object.assign([CANARY], { extra: CANARY }),
  'an object with a symbol': () => ({ [Symbol(CANARY)]: CANARY }),
  'what turns into a string': () => ({ toString: () => '/a', [Symbol.toPrimitive]: () => CANARY }),
  'what throws as a string': () => ({ toString: boom, [Symbol.toPrimitive]: boom, toJSON: boom }),
  'a boxed string': () => new String(`/${CANARY}`),
  'what is awaited and never ends': () => ({ [CANARY]: 1 }),
  'a getter of then that throws': () => new Proxy({}, { get: (_, key) => (key === 'then' ? boom() : undefined) }),
  'what is awaited and throws': () => new Proxy({}, { get: (_, key) => (key === 'then' ? boom : undefined) }),
  'a function': () => () => CANARY,
  'a class': () => Object,
  'an iterator that throws': () => ({ [Symbol.iterator]: boom, [Symbol.asyncIterator]: boom }),
  'a date': () => new Date(Number.NaN),
  'a map': () => new Map([[CANARY, 1]]),
  'an error': () => new Thrown(),
  'a false error of ours': () => ({ name: 'HoldfastError', code: CANARY, message: CANARY, outcome: 'not-applied' }),
};

const BUFFERS: Readonly<Record<string, () => unknown>> = {
  bytes: () => new Uint8Array([1, 2, 3]),
  'shared bytes': () => new Uint8Array(new SharedArrayBuffer(4)),
  'a shared buffer': () => new SharedArrayBuffer(4),
  'detached bytes': detached,
  'resizable bytes': () => new Uint8Array(new ArrayBuffer(4, { maxByteLength: 16 })),
  'bytes that are out of bounds': () => {
    const buffer = new ArrayBuffer(8, { maxByteLength: 16 });
    const bytes = new Uint8Array(buffer, 4, 4);
    buffer.resize(2);
    return bytes;
  },
  'a buffer': () => Buffer.from(CANARY),
  'an array buffer': () => new ArrayBuffer(2),
  'a view': () => new DataView(new ArrayBuffer(2)),
  floats: () => new Float64Array([Number.NaN]),
  'bytes that lie': () => Object.defineProperty(new Uint8Array(2), 'length', { get: boom }),
  'bytes that lie about their length': () => Object.defineProperty(new Uint8Array(2), 'byteLength', { value: 2 ** 40 }),
  'bytes of another prototype': () => Object.setPrototypeOf(new Uint8Array(2), null) as object,
};

const SIGNALS: Readonly<Record<string, () => unknown>> = {
  'an aborted signal': () => AbortSignal.abort(new Thrown()),
  'a signal': () => new AbortController().signal,
  'a signal that cannot be listened to': () => ({ aborted: false, addEventListener: boom, removeEventListener: boom }),
  'a signal that throws': () =>
    Object.defineProperties({ addEventListener() {}, removeEventListener() {} }, { aborted: { get: boom } }),
  'a signal whose reason throws': () =>
    Object.defineProperty({ aborted: true, addEventListener() {}, removeEventListener() {} }, 'reason', { get: boom }),
  'a controller': () => new AbortController(),
};

function named(values: Readonly<Record<string, () => unknown>>): fc.Arbitrary<Made> {
  return fc.constantFrom(...Object.entries(values).map(([name, make]) => ({ name, make })));
}

/** A value that is what it is. */
export function plain<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Made<T>> {
  return value.map((it) => ({ name: fc.stringify(it), make: () => structuredClone(it) }));
}

/** Whatever a caller may hand over by mistake, or on purpose. */
export const hostile: fc.Arbitrary<Made> = fc.oneof(
  named(PRIMITIVES),
  named(OBJECTS),
  named(BUFFERS),
  named(SIGNALS),
  plain(fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withTypedArray: true, withNullPrototype: true })),
  plain(fc.string({ unit: 'binary', maxLength: 20 })),
);

/** An object with these properties, now and then one more, each as it should be or hostile. */
export function record(good: Readonly<Record<string, fc.Arbitrary<Made>>>): fc.Arbitrary<Made> {
  const keys = Object.keys(good);
  const values = fc.tuple(
    ...keys.map((key) =>
      fc.oneof(
        { weight: 6, arbitrary: good[key] as fc.Arbitrary<Made> },
        { weight: 1, arbitrary: fc.constant(undefined) },
        { weight: 2, arbitrary: hostile },
      ),
    ),
  );
  const extra = fc.option(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'toString', 'extra', CANARY), hostile), {
    freq: 8,
  });
  return fc.tuple(values, extra).map(([made, more]) => ({
    name: made.map((it, place) => `${keys[place]}: ${it?.name}`).join(', '),
    make: () => {
      const object: Record<string, unknown> = {};
      for (const [place, it] of made.entries()) if (it !== undefined) object[keys[place] as string] = it.make();
      if (more !== null && more !== undefined)
        Object.defineProperty(object, more[0], { value: more[1].make(), enumerable: true });
      return object;
    },
  }));
}

/** As it should be, most of the time. */
export function mostly(good: fc.Arbitrary<Made>): fc.Arbitrary<Made> {
  return fc.oneof({ weight: 3, arbitrary: good }, { weight: 2, arbitrary: hostile });
}
