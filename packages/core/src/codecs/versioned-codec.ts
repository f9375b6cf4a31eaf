import type { EntryInput, Snapshot } from '../entries/entry.ts';
import { DEFAULT_CONTENT_TYPE } from '../entries/parse-entry.ts';
import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import { readOptions } from '../filesystem/check-options.ts';
import { checkCodec } from './check-codec.ts';
import type { RecordCodec } from './record-codec.ts';

/** One format of a {@link versionedCodec} after the first: how it is stored, and how a record gets there. */
export interface VersionStep<Older, Newer> {
  /** Reads and writes records of this format. */
  readonly codec: RecordCodec<Newer>;
  /** What a record of the format before is in this one. Runs at every read of an older record, so it changes nothing else. */
  readonly up: (older: Older) => NoInfer<Newer> | Promise<NoInfer<Newer>>;
}

/** The steps from format 2 on: each begins with what the one before it gives. */
export type VersionSteps<First, Later extends readonly unknown[]> = {
  readonly [I in keyof Later]: VersionStep<I extends keyof [First, ...Later] ? [First, ...Later][I] : never, Later[I]>;
};

/** What records are in the newest format. */
export type NewestOf<First, Later extends readonly unknown[]> = Later extends readonly [...unknown[], infer Last]
  ? Last
  : First;

type AnyStep = VersionStep<unknown, unknown>;

/** Behind the content type. Up to nine digits: a number that no program gets to. */
const FORMAT = /^(?<contentType>.*); format=(?<number>[2-9]|[1-9]\d{1,8})$/;

const KEYS = ['codec', 'up'] as const;

/**
 * A codec for records whose format changes over the years: the codec of format 1, and a step for each format after it.
 * Formats are never taken out or put in between, only added.
 *
 * Written is always the newest. An older record is read by the codec of its format, passed through every `up` after it,
 * and given as it would be read if it were stored like that: the newest codec writes and reads it in memory, so that its
 * schema, defaults included, holds of what was brought up too. Nothing is stored by reading; an update that writes stores
 * the newest format, also one that gives back what it was given.
 *
 * A record of a format behind the newest is refused with `RECORD_TOO_NEW`, so that a program which does not know it
 * cannot overwrite it. While a new format is being rolled out, the programs before it are refused what those after it
 * have written.
 *
 * The number is a parameter behind the content type of the format's codec, `application/json; format=2`, from 2 on. In
 * format 1 records are those of its codec alone: one that is in use already can become the first.
 *
 * The codec's functions reject with what those of its formats do, with what `up` threw, or with `RECORD_TOO_NEW`;
 * with `INVALID_ARGUMENT` when a codec of a format gives a content type that names a format.
 *
 * @throws HoldfastError `INVALID_ARGUMENT` when an argument is malformed
 */
export function versionedCodec<First, const Later extends readonly unknown[]>(
  first: RecordCodec<First>,
  ...later: VersionSteps<First, Later>
): RecordCodec<NewestOf<First, Later>> {
  checkCodec('first', first);
  const steps = (later as readonly unknown[]).map((step, index) =>
    checkedStep(`the step to format ${index + 2}`, step),
  );
  const codecs = [first as RecordCodec<unknown>, ...steps.map(({ codec }) => codec)];
  const newest = codecs.at(-1) as RecordCodec<unknown>;

  /** As it would be read if it were stored. */
  async function asStored(value: unknown, { path, version }: Snapshot): Promise<unknown> {
    const { contentType = DEFAULT_CONTENT_TYPE, kind, indexed, body } = await newest.encode(value);
    return newest.decode({ path, version, contentType, kind, indexed, body });
  }

  return {
    async encode(value) {
      return inFormat(codecs.length, await newest.encode(value));
    },
    async decode(stored) {
      const { number, contentType } = formatOf(stored);
      const codec = codecs[number - 1];
      if (codec === undefined) throw tooNew(number, codecs.length);
      let value: unknown = await codec.decode({ ...stored, contentType });
      for (const { up } of steps.slice(number - 1)) value = await up(value);
      if (number < codecs.length) value = await asStored(value, stored);
      return value as NewestOf<First, Later>;
    },
  };
}

/** The entry as it is stored in a format. What is no entry is left to whoever stores it to refuse. */
function inFormat(number: number, entry: EntryInput | undefined): EntryInput {
  const contentType = entry?.contentType ?? DEFAULT_CONTENT_TYPE;
  if (FORMAT.test(contentType)) {
    throw new HoldfastError('INVALID_ARGUMENT', 'the codec of a format must not name a format in its content type');
  }
  return number === 1
    ? (entry as EntryInput)
    : { ...(entry as EntryInput), contentType: `${contentType}; format=${number}` };
}

function formatOf({ contentType }: Snapshot): { readonly number: number; readonly contentType: string } {
  const found = FORMAT.exec(contentType)?.groups;
  if (found === undefined) return { number: 1, contentType };
  return { number: Number(found['number']), contentType: found['contentType'] ?? '' };
}

function tooNew(number: number, newest: number): HoldfastError {
  return new HoldfastError('RECORD_TOO_NEW', `the record is of format ${number}; this program knows up to ${newest}`);
}

function checkedStep(argument: string, given: unknown): AnyStep {
  const { codec, up } = readOptions(argument, given, KEYS);
  checkCodec(`the codec of ${argument}`, codec);
  if (typeof up !== 'function') throw invalidArgument(`up of ${argument}`, 'a function', up);
  return { codec, up: up as AnyStep['up'] };
}
