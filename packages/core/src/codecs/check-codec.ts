import { HoldfastError } from '../errors/holdfast-error.ts';
import { invalidArgument } from '../errors/invalid-argument.ts';
import type { RecordCodec } from './record-codec.ts';

/**
 * Checks that an argument is a codec.
 *
 * @throws HoldfastError `INVALID_ARGUMENT`
 */
export function checkCodec(argument: string, value: unknown): asserts value is RecordCodec<unknown> {
  if (!isCodec(argument, value)) throw invalidArgument(argument, 'a RecordCodec, such as jsonCodec gives', value);
}

function isCodec(argument: string, value: unknown): boolean {
  try {
    const codec = value as Partial<RecordCodec<unknown>> | null | undefined;
    return typeof codec?.encode === 'function' && typeof codec.decode === 'function';
  } catch (cause) {
    throw new HoldfastError('INVALID_ARGUMENT', `${argument} must be readable`, { cause });
  }
}
