// The getter that all typed arrays inherit. It tells what they really are, of whatever realm, and whatever properties
// they have.
const TYPED_ARRAY_NAME = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype) as object,
  Symbol.toStringTag,
)?.get as (this: unknown) => string | undefined;

/** Whether a value is a `Uint8Array`, such as a `Buffer`, of this realm or another: test runners and workers have several. */
export function isUint8Array(value: unknown): value is Uint8Array {
  return TYPED_ARRAY_NAME.call(value) === 'Uint8Array';
}
