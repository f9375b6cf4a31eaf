// The compiler compares the two functions by the constraint of their parameter, which is all it is there for.
/* oxlint-disable typescript/no-unnecessary-type-parameters */

/** Whether two types are the same to the compiler, and not only assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`. */
export type Expect<T extends true> = T;

/** Whether a value of the first type can stand where the second is wanted. */
export type Assignable<From, To> = [From] extends [To] ? true : false;
