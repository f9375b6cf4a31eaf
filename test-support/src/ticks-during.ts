/** Counts how often the event loop comes round while something is awaited. */
export async function ticksDuring(work: Promise<unknown>): Promise<number> {
  let ticks = 0;
  const timer = setInterval(() => (ticks += 1), 1);
  await work.finally(() => clearInterval(timer));
  return ticks;
}
