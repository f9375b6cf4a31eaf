import { expect, test } from 'vitest';
import { tlsFailure } from './tls-failure.ts';

const coded = (code: unknown): Error => Object.assign(new Error('hunter2'), { code });

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'ACCESS_DENIED'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'ACCESS_DENIED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'ACCESS_DENIED'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ACCESS_DENIED'],
  ['CERT_HAS_EXPIRED', 'ACCESS_DENIED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'ACCESS_DENIED'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'INVALID_ARGUMENT'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'INVALID_ARGUMENT'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'INVALID_ARGUMENT'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'INVALID_ARGUMENT'],
  ['ERR_OSSL_PEM_NO_START_LINE', 'INVALID_ARGUMENT'],
])('%s is %s, also as the cause of another', (code, expected) => {
  expect(tlsFailure(coded(code))?.[0]).toBe(expected);
  expect(tlsFailure(new TypeError('fetch failed', { cause: coded(code) }))?.[0]).toBe(expected);
});

test.each(['ECONNREFUSED', 'ECONNRESET', 'ERR_SSL_BAD_RECORD_TYPE', undefined, 7])('%s is no such failure', (code) => {
  expect(tlsFailure(coded(code))).toBeUndefined();
});

test('causes that lead in a circle end', () => {
  const circle = new Error('hunter2');
  circle.cause = circle;
  expect(tlsFailure(circle)).toBeUndefined();
});
