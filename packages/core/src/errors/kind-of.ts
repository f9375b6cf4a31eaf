/** The classes that are named: what callers hand over by mistake. Whatever else calls itself something is an object. */
const CLASSES: ReadonlySet<string> = new Set([
  'AbortController', 'AbortSignal', 'ArrayBuffer', 'AsyncGenerator', 'BigInt64Array', 'BigUint64Array', 'Blob',
  'DOMException', 'DataView', 'Date', 'Error', 'File', 'Float16Array', 'Float32Array', 'Float64Array', 'FormData',
  'Generator', 'Headers', 'Int16Array', 'Int32Array', 'Int8Array', 'Map', 'Promise', 'ReadableStream', 'RegExp',
  'Request', 'Response', 'Set', 'SharedArrayBuffer', 'URL', 'URLSearchParams', 'Uint16Array', 'Uint32Array',
  'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakSet',
]); // prettier-ignore

/** A short name for the kind of a value, of this realm or another, that never shows the value itself. Never throws. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'undefined';
  if (value === '') return 'an empty string';
  // NaN and the infinities are no numbers to who asked for one.
  if (typeof value === 'number') return Number.isFinite(value) ? 'a number' : String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  try {
    if (Array.isArray(value)) return 'an array';
    const name = classOf(value);
    return CLASSES.has(name) ? `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}` : 'an object';
  } catch {
    // A revoked proxy, or a tag that throws. It is refused like anything else.
    return 'an object';
  }
}

/** Not `instanceof`, which knows the classes of one realm only. */
function classOf(value: object): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}
