type Listener = (...args: unknown[]) => void;

/** A socket, as far as the driver listens to it. */
interface Stream {
  on(event: string, listener: Listener): unknown;
  destroy(error?: Error): unknown;
}

/** What every client of pg has, and what its types leave out: where it begins to take apart what its socket says. */
export interface TakesApart {
  readonly connection?: { attachListeners?(stream: Stream): unknown };
}

/**
 * Sees to it that an answer which the driver cannot take apart ends its connection. It throws in the midst of an event of the
 * socket, where nobody can catch it and the process would end; so the calls on the connection hear of it instead.
 */
export function containDamage({ connection }: TakesApart): void {
  const attach = connection?.attachListeners;
  // A class of clients that is not pg's own may not have it.
  if (connection === undefined || typeof attach !== 'function') return;
  connection.attachListeners = (stream) => attach.call(connection, contained(stream));
}

/** The stream, whose listeners for data end it when they throw. */
function contained(stream: Stream): Stream {
  const on = (event: string, listener: Listener): unknown =>
    stream.on(event, event === 'data' ? ending(stream, listener) : listener);
  return Object.create(stream, { on: { value: on } }) as Stream;
}

function ending(stream: Stream, listener: Listener): Listener {
  return (...args) => {
    try {
      listener(...args);
    } catch (cause) {
      stream.destroy(new Error('the driver could not take an answer apart', { cause }));
    }
  };
}
