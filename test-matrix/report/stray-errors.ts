/** As much of `process` as is needed to hear of errors that nobody caught. */
export interface ErrorEvents {
  on(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
  off(event: 'uncaughtException', listener: (error: unknown) => void): unknown;
}

/** The errors that nobody caught since they were last taken. Disposing of it ends the listening. */
export interface StrayErrors extends Disposable {
  take(): unknown[];
}

/**
 * Keeps errors that nobody caught, rejections among them, from ending the process: a driver that throws where no
 * call can catch it would take the whole report with it.
 */
export function catchStrayErrors(events: ErrorEvents = process): StrayErrors {
  const errors: unknown[] = [];
  const listener = (error: unknown): void => void errors.push(error);
  events.on('uncaughtException', listener);
  return { take: () => errors.splice(0), [Symbol.dispose]: () => void events.off('uncaughtException', listener) };
}
