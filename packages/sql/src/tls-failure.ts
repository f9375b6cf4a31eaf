import type { ErrorCode } from '@holdfast/core';
import { isError } from '@holdfast/core/adapter';

/** Node's codes for a certificate that is not to be trusted, or belongs to another host. */
const UNTRUSTED =
  /^(UNABLE_TO_(GET|DECRYPT|VERIFY)_|(DEPTH_ZERO_)?SELF_SIGNED_CERT|CERT_|INVALID_(CA|PURPOSE)$|PATH_LENGTH_EXCEEDED$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/;

/** What answered speaks something else than TLS, or only versions of it that this side refuses, or the reverse. */
const NOT_SPOKEN =
  /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL|HTTP_REQUEST|\w+_PROTOCOL_VERSION|\w+_HANDSHAKE_FAILURE)$/;

/** A key or a certificate of the configuration that is none. */
const MALFORMED = /^ERR_(OSSL|CRYPTO)_/;

/** How deep into causes it is looked for: `fetch` puts two around it. */
const MOST_CAUSES = 4;

/**
 * What a failure to set up TLS means, and what to tell about it; `undefined` for any other failure. No retry mends it, and
 * nothing has been sent.
 */
export function tlsFailure(thrown: unknown, depth = 1): readonly [code: ErrorCode, message: string] | undefined {
  if (!isError(thrown) || depth > MOST_CAUSES) return undefined;
  const { code, cause } = thrown as { readonly code?: unknown; readonly cause?: unknown };
  if (typeof code === 'string') {
    if (UNTRUSTED.test(code)) return ['ACCESS_DENIED', 'the certificate of the server is not to be trusted here'];
    if (NOT_SPOKEN.test(code)) return ['INVALID_ARGUMENT', 'the server does not speak the TLS that config asks for'];
    if (MALFORMED.test(code)) return ['INVALID_ARGUMENT', 'config has a key or a certificate that cannot be used'];
  }
  return tlsFailure(cause, depth + 1);
}
