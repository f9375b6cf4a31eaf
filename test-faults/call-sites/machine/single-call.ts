import type { CasExpectation, DeleteExpectation, RootFilesystem } from '@holdfast/core';
import { entryOf } from './entries.ts';
import type { Call, Operation, Stage } from './stage.ts';

/** A call that puts an entry. */
export function put(to: RootFilesystem, path: string, text: string, expectation: CasExpectation): Call {
  const isVersioned = to.capabilitiesAt('/').cas === 'versioned';
  return {
    run: (options) => to.put(path, entryOf(text, isVersioned), expectation, options),
    changes: { [path]: text },
  };
}

/** A call that deletes one. */
export function remove(from: RootFilesystem, path: string, expectation: DeleteExpectation): Call {
  return {
    run: (options) => from.delete(path, expectation, options),
    changes: { [path]: undefined },
    isRight: (answer) => (answer as { readonly deleted: boolean }).deleted,
  };
}

/** An operation that is one call of the first instance. */
export function one(
  name: string,
  needs: Operation['needs'],
  call: (stage: Stage, fs: RootFilesystem) => Call,
): Operation {
  return { name, ...(needs && { needs }), calls: (stage) => [call(stage, stage.instances[0])] };
}
