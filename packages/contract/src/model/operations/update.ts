import { casUpdate, type CasContext, type RecordCodec } from '@holdfast/core';
import fc from 'fast-check';
import { answerTo, describeFailure } from '../answers.ts';
import type { Model } from '../model.ts';
import type { Operation } from '../operation.ts';
import type { Side } from '../side.ts';
import { asStored, copyOf, describeEntry } from '../values/entries.ts';
import { decide, decisions, describeDecision, nextOf, type Decision, type Value } from '../values/decisions.ts';
import { describePatience, optionsOf, patiences, type Patience } from '../values/patience.ts';
import type { Places } from '../values/paths.ts';
import { codecOf, type CodecFault } from './codec.ts';

// Nobody else writes, so one is enough; more only make a backend that never gets there take long to say so.
const ATTEMPTS = { maxAttempts: 3 };

/** Updates a record with `casUpdate`. */
class Update implements Operation {
  readonly promise = 'an update sees what is there, and what it decides is what is there afterwards';
  readonly #path: string;
  readonly #decision: Decision;
  readonly #fault: CodecFault;
  readonly #patience: Patience;

  constructor(path: string, decision: Decision, fault: CodecFault, patience: Patience) {
    this.#path = path;
    this.#decision = decision;
    this.#fault = fault;
    this.#patience = patience;
  }

  perform(side: Side, step: number): Promise<string> {
    const own = new Error('thrown on purpose');
    const codec: RecordCodec<Value> = codecOf(this.#fault, own);
    let seen = '';
    const apply = (current: Value | undefined, context: CasContext) => {
      const version = current === undefined ? 'nothing' : side.nameOf(context.version);
      seen = `saw ${version}${current === undefined ? '' : ` ${describeEntry(current)}`}`;
      return decide(this.#decision, current, own);
    };
    return answerTo(async () => {
      const result = await casUpdate(side.filesystem, this.#path, codec, apply, {
        ...ATTEMPTS,
        ...optionsOf(this.#patience),
      });
      const { written, snapshot, outcome, attempts } = result;
      const fresh = written && snapshot !== undefined;
      const version = fresh ? side.minted(result.version, `v${step}`) : side.nameOf(result.version);
      return describeResult({ seen, outcome, written, attempts, now: describeNow(version, snapshot) });
    }, own);
  }

  predict(model: Model, step: number): readonly string[] {
    const refused = this.#refusals(model);
    if (refused.length > 0) return refused;
    const before = model.at(this.#path);
    if (before !== undefined && this.#fault === 'decode') return [OWN];
    const seen = before === undefined ? 'saw nothing' : `saw ${before.version} ${describeEntry(before.entry)}`;
    const result = (written: boolean, version: string, now?: Value): readonly string[] => [
      describeResult({ seen, outcome: this.#decision.do, written, attempts: 1, now: describeNow(version, now) }),
    ];
    const next = nextOf(this.#decision, before && copyOf(before.entry));
    switch (this.#decision.do) {
      case 'throw':
        return [OWN];
      case 'no decision':
        return [this.#failure('INVALID_ARGUMENT')];
      case 'no-op':
        return result(false, before?.version ?? 'no version', before?.entry);
      case 'delete':
        if (before !== undefined && !model.capabilities.conditionalDelete) {
          return [this.#failure('CAS_UNSUPPORTED', 'conditionalDelete')];
        }
        return result(model.remove(this.#path), 'no version');
      default:
        if (next === undefined) throw new Error('a decision to write has something to write');
        return this.#predictWrite(model, step, next, result);
    }
  }

  toString(): string {
    const fault = this.#fault === undefined ? '' : `, codec fails to ${this.#fault}`;
    const decision = describeDecision(this.#decision);
    return `casUpdate(${JSON.stringify(this.#path)}, ${decision}${fault}${describePatience(this.#patience)})`;
  }

  #predictWrite(
    model: Model,
    step: number,
    next: Value,
    result: (written: boolean, version: string, now?: Value) => readonly string[],
  ): readonly string[] {
    if (this.#fault === 'encode') return [OWN];
    if (this.#fault === 'encode to an entry') return [this.#failure('INVALID_ARGUMENT')];
    const before = model.at(this.#path);
    const forced = this.#decision.do === 'force' || this.#decision.do === 'force the current value';
    if (!forced && before !== undefined && describeEntry(asStored(next)) === describeEntry(before.entry)) {
      return result(false, before.version, next);
    }
    const missing = model.missingFor(next, 'any');
    if (missing.length > 0) return missing.map((capability) => this.#failure('CAS_UNSUPPORTED', capability));
    const tooLong = model.tooLong('casUpdate', this.#path, next);
    const obstacles = tooLong.length > 0 ? tooLong : model.obstacles('casUpdate', this.#path, 'any');
    return obstacles.length > 0 ? obstacles : result(true, model.store(this.#path, next, `v${step}`), next);
  }

  #refusals(model: Model): readonly string[] {
    const { cas, records } = model.capabilities;
    if (cas !== 'versioned') return [this.#failure('CAS_UNSUPPORTED', 'cas')];
    if (!records) return [this.#failure('CAS_UNSUPPORTED', 'records')];
    return model.turnedAway('casUpdate', this.#path, this.#patience);
  }

  #failure(code: 'INVALID_ARGUMENT' | 'CAS_UNSUPPORTED', capability?: string): string {
    return describeFailure({ code, operation: 'casUpdate', path: this.#path, capability });
  }
}

const OWN = `the caller's own error`;

function describeNow(version: string, value: Value | undefined): string {
  return value === undefined ? `nothing, ${version}` : `${version} ${describeEntry(value)}`;
}

function describeResult(result: {
  readonly seen: string;
  readonly outcome: unknown;
  readonly written: boolean;
  readonly attempts: number;
  readonly now: string;
}): string {
  const { seen, outcome, written, attempts, now } = result;
  return `${seen}; ${String(outcome)}; ${written ? 'written' : 'not written'}, attempts ${attempts}; now ${now}`;
}

const faults: fc.Arbitrary<CodecFault> = fc.oneof(
  { weight: 9, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.constantFrom('decode', 'encode', 'encode to an entry') },
);

/** Updates with random decisions. */
export const updates = ({ paths }: Places): fc.Arbitrary<Operation> =>
  fc.tuple(paths, decisions, faults, patiences).map((given) => new Update(...given));
