/** A server could not be had. The message says what was tried and what to do, and carries no credentials. */
export class ServerError extends Error {
  override readonly name = 'ServerError';
}

/** What went wrong in one line, without any of the secrets, each of which may also appear percent-encoded. */
export function reasonOf(thrown: unknown, secrets: readonly string[] = []): string {
  let reason = messageOf(thrown);
  for (const secret of secrets) {
    if (secret === '') continue;
    for (const form of [secret, encodeURIComponent(secret)]) reason = reason.replaceAll(form, '…');
  }
  return reason;
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  // Connecting to a name with several addresses fails with one error for each and no message of its own.
  if (thrown instanceof AggregateError) return thrown.errors.map(messageOf).join(', ');
  // `fetch failed` tells nothing; its cause does.
  if (thrown.cause instanceof Error) return `${thrown.message}: ${messageOf(thrown.cause)}`;
  return thrown.message === '' ? thrown.name : thrown.message;
}
