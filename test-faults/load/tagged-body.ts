/** What a body says about itself. */
export interface Tag {
  /** Whose it is. */
  readonly slot: string;
  /** Which write of that slot. */
  readonly number: number;
}

/** A body of so many bytes, or of as many as its tag needs, each of which follows from the tag and the length. */
export function taggedBody({ slot, number }: Tag, length: number): Uint8Array {
  const head = `${slot} ${number} `;
  const size = Math.max(length, head.length + 8);
  return new Uint8Array(Buffer.alloc(size, `${head}${size}|`));
}

/** What is in a body; `undefined` unless every byte of it belongs to one write. */
export function tagOf(body: Uint8Array): Tag | undefined {
  const [, slot, number] = /^(\S+) (\d+) \d+\|/.exec(Buffer.from(body.subarray(0, 200)).toString()) ?? [];
  if (slot === undefined) return undefined;
  const tag = { slot, number: Number(number) };
  return Buffer.compare(taggedBody(tag, body.byteLength), body) === 0 ? tag : undefined;
}
