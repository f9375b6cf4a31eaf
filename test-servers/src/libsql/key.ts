import { generateKeyPairSync, sign } from 'node:crypto';

/** What a libSQL server and its clients share. */
export interface LibsqlKey {
  /** What the server gets: the public half of an Ed25519 key, base64url, as `SQLD_AUTH_JWT_KEY` takes it. */
  readonly publicKey: string;
  /** What clients get: a token that gives full access and never expires. */
  readonly authToken: string;
}

/** Makes a new key and the one token signed with it; the private half is forgotten. */
export function makeLibsqlKey(): LibsqlKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const claims = `${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode({ a: 'rw' })}`;
  const signature = sign(null, Buffer.from(claims), privateKey).toString('base64url');
  return { publicKey: publicKey.export({ format: 'jwk' }).x ?? '', authToken: `${claims}.${signature}` };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
