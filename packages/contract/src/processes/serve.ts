import { commit, type RootFilesystem, type Snapshot } from '@holdfast/core';
import { describeError, type ChildAnswer, type ChildCall } from './child-filesystem.ts';

/** Makes the calls that the parent asks for, until it is asked to close, which is left to whoever opened the store. */
export function serve(filesystem: RootFilesystem, answer: (answer: ChildAnswer) => Promise<void>): Promise<void> {
  return new Promise((resolve) => {
    process.on('message', (message) => {
      const call = message as ChildCall;
      if (call.method === 'close') resolve();
      else void carryOut(filesystem, call).then(answer);
    });
  });
}

async function carryOut(filesystem: RootFilesystem, call: ChildCall): Promise<ChildAnswer> {
  try {
    return { id: call.id, value: await make(filesystem, call) };
  } catch (error) {
    return { id: call.id, error: describeError(error) };
  }
}

async function make(filesystem: RootFilesystem, { method, args, options, signal }: ChildCall): Promise<unknown> {
  const patience = signal === 'none' ? options : { ...options, signal: signalThatIs(signal) };
  // Checked over there, as everything that callers without types hand in.
  const given = args as readonly never[];
  switch (method) {
    case 'capabilitiesAt':
      return filesystem.capabilitiesAt('/');
    case 'get':
      return filesystem.get(given[0] as never, patience);
    case 'put':
      return filesystem.put(given[0] as never, given[1] as never, given[2] as never, patience);
    case 'delete':
      return filesystem.delete(given[0] as never, given[1] as never, patience);
    case 'commit':
      return commit(filesystem, given[0] as never, patience);
    case 'list':
      return filesystem.list(given[0] as never, patience);
    case 'entries':
      return collect(filesystem.entries(given[0] as never, patience));
    case 'close':
      throw new TypeError('closing is no call: it ends the serving');
  }
}

async function collect(iteration: AsyncIterable<Snapshot>): Promise<Snapshot[]> {
  const all: Snapshot[] = [];
  for await (const snapshot of iteration) all.push(snapshot);
  return all;
}

function signalThatIs(signal: 'quiet' | 'fired'): AbortSignal {
  return signal === 'fired' ? AbortSignal.abort() : new AbortController().signal;
}
