import type { Failure } from './matrix-report.ts';

const LONGEST_REASON = 4000;

/**
 * What is told of an error in reports: its class, message and code. Credentials in URLs are left out, and so is
 * every one of `secrets`, wherever they occur.
 */
export function describeFailure(
  stage: Failure['stage'],
  error: unknown,
  secrets: readonly string[] = environmentSecrets(),
): Failure {
  const { name, message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const text = message === undefined ? String(error) : `${name}: ${message}`;
  return { stage, code: typeof code === 'string' ? code : null, reason: presentable(text, secrets) };
}

/** A text from a driver as it may be shown: without credentials, and not longer than anybody reads. */
export function presentable(text: string, secrets: readonly string[] = environmentSecrets()): string {
  let shown = text;
  for (const secret of secrets) if (secret !== '') shown = shown.replaceAll(secret, '…');
  shown = shown.replace(/(?<=:\/\/)[^\s/@]+(?=@)/g, '…');
  if (shown.length <= LONGEST_REASON) return shown;
  return `${shown.slice(0, LONGEST_REASON).toWellFormed()}… (${shown.length - LONGEST_REASON} more characters)`;
}

/** What the addresses of the servers in the environment keep secret. */
function environmentSecrets(): string[] {
  const { HOLDFAST_POSTGRES_URL: postgres, HOLDFAST_LIBSQL_AUTH_TOKEN: token } = process.env;
  const password = URL.parse(postgres ?? '')?.password ?? '';
  // The longest first, so that no part of one is left when another is inside of it.
  return [postgres ?? '', token ?? '', decoded(password), password].filter((it) => it !== '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
