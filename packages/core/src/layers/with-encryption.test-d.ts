import type { ByteOnlyCapabilities, VersionedCapabilities } from '../capabilities/capabilities.ts';
import { CasApply } from '../cas/cas-apply.ts';
import { casUpdate } from '../cas/cas-update.ts';
import { jsonCodec } from '../codecs/json-codec.ts';
import type { RootFilesystem } from '../filesystem/root-filesystem.ts';
import type { Equal, Expect } from '../../test/support/types.ts';
import { reencrypt } from './encryption/reencrypt.ts';
import { withEncryption } from './with-encryption.ts';

declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
const options = { keys: { k1: new Uint8Array(32) }, currentKey: 'k1' };
const codec = jsonCodec<number>({ kind: 'n' });

const encrypted = withEncryption(versioned, options);
export type _KeepsWhatIsKnown = Expect<Equal<typeof encrypted, RootFilesystem<VersionedCapabilities>>>;
void casUpdate(encrypted, '/a', codec, () => CasApply.write(1));
void reencrypt(encrypted, '/');

// @ts-expect-error a filesystem that stores only bytes takes no records, encrypted or not
void casUpdate(withEncryption(byteOnly, options), '/a', codec, () => CasApply.write(1));

// @ts-expect-error which key is for writing has to be said
void withEncryption(versioned, { keys: options.keys });

// @ts-expect-error a key is bytes
void withEncryption(versioned, { keys: { k1: 'secret' }, currentKey: 'k1' });
