import type { FileHandle } from 'node:fs/promises';
import type { OperationContext } from '@holdfast/core/adapter';
import { throwIfGivenUp } from '../give-up.ts';

/** How much is read between two looks at whether the caller still waits, in bytes. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/**
 * Reads `size` bytes of an open file into memory of their own, or fewer when the file ends before. Never
 * more, however much somebody appends meanwhile.
 */
export async function readBody(file: FileHandle, size: number, context: OperationContext): Promise<Uint8Array> {
  const body = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    throwIfGivenUp(context);
    const { bytesRead } = await file.read(body, filled, Math.min(CHUNK_BYTES, size - filled), filled);
    if (bytesRead === 0) return body.slice(0, filled);
    filled += bytesRead;
  }
  return body;
}
