/** The UTF-8 bytes of a text. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes. */
export function textOf(entry: { readonly body: Uint8Array } | undefined): string | undefined {
  return entry && new TextDecoder().decode(entry.body);
}
