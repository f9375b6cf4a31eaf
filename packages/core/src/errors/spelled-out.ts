/**
 * An identifier, which somebody has spelled out in a program. Any other name may be a value that ended up in the place
 * of one: a map has addresses and the names of people for keys.
 */
const SPELLED_OUT = /^[A-Za-z_$][\w$]{0,63}$/;

/** Whether a name may be shown in a message: that of an option, of a field, or of the class of an error. */
export function isSpelledOut(name: unknown): name is string {
  return typeof name === 'string' && SPELLED_OUT.test(name);
}
