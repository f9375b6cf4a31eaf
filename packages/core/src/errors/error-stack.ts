/**
 * The most frames that a stack is captured with. Each layer of a stack of filesystems adds up to eight, and the line
 * of the caller is the last one of interest; V8's own ten end long before it.
 */
const MOST_FRAMES = 100;

/** The longest stack that V8 captures unless it is told otherwise. Who set less wants less. */
const DEFAULT_FRAMES = 10;

/** What a stack is made from when it is first asked for: the frames, and what stands above them. */
export interface Trace {
  name: string;
  message: string;
  stack?: string;
}

/**
 * Captures the frames above the constructor `above`, as far as the lines that await. The text is made when `stack` is
 * first read.
 */
export function captureTrace(above: new (...args: never[]) => unknown): Trace {
  const trace: Trace = { name: 'Error', message: '' };
  const limit = Error.stackTraceLimit;
  // Not assigned, which throws where the primordials are frozen.
  const deeper = limit >= DEFAULT_FRAMES && limit < MOST_FRAMES && Reflect.set(Error, 'stackTraceLimit', MOST_FRAMES);
  Error.captureStackTrace(trace, above);
  if (deeper) Reflect.set(Error, 'stackTraceLimit', limit);
  return trace;
}
