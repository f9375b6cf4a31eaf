import type { Capabilities } from '@holdfast/core';
import type fc from 'fast-check';
import { answerTo } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import type { Places } from '../values/paths.ts';

/** Asks for the capabilities at a path, which have to be the same everywhere and always, also after a close. */
class AskCapabilities implements Operation {
  readonly promise = 'capabilities are the same everywhere and always';
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  perform(side: Side): Promise<string> {
    return answerTo(async () => describe(side.filesystem.capabilitiesAt(this.#path)));
  }

  predict(model: Model): readonly string[] {
    return [describe(model.capabilities)];
  }

  toString(): string {
    return `capabilitiesAt(${JSON.stringify(this.#path)})`;
  }
}

function describe(capabilities: Capabilities): string {
  return Object.entries(capabilities)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .toSorted()
    .join(', ');
}

/** Questions about random paths, the root among them. */
export const questions = ({ directories }: Places): fc.Arbitrary<Operation> =>
  directories.map((path) => new AskCapabilities(path));
