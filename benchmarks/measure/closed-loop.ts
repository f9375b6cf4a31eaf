/** One call of one of several callers, who are numbered from 0 on. */
export type Call = (caller: number) => Promise<unknown>;

/**
 * How many calls a second so many callers get answered, each of whom makes the next when the one before is answered. It ends
 * with the last answer after `milliseconds`; everybody makes at least one call.
 */
export async function closedLoop(callers: number, milliseconds: number, call: Call): Promise<number> {
  let made = 0;
  const began = performance.now();
  const end = began + milliseconds;
  const callOn = async (caller: number): Promise<void> => {
    do {
      await call(caller);
      made += 1;
    } while (performance.now() < end);
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => callOn(caller)));
  return (made / (performance.now() - began)) * 1000;
}
