// What the compiler must accept and refuse; nothing here ever runs.
import type { ByteOnlyCapabilities, VersionedCapabilities } from '../src/capabilities/capabilities.ts';
import { CasApply } from '../src/cas/cas-apply.ts';
import { casUpdate } from '../src/cas/cas-update.ts';
import { jsonCodec } from '../src/codecs/json-codec.ts';
import type { RootFilesystem } from '../src/filesystem/root-filesystem.ts';
import { withConcurrencyLimit } from '../src/layers/with-concurrency-limit.ts';
import { withPrefix } from '../src/layers/with-prefix.ts';
import { withReadOnly } from '../src/layers/with-read-only.ts';
import { withRetry } from '../src/layers/with-retry.ts';
import { withTimeout } from '../src/layers/with-timeout.ts';
import { withTracing } from '../src/layers/with-tracing.ts';
import { mountTable } from '../src/mounts/mount-table.ts';
import { scopedView, type Grant } from '../src/views/scoped-view.ts';

declare const versioned: RootFilesystem<VersionedCapabilities>;
declare const byteOnly: RootFilesystem<ByteOnlyCapabilities>;
declare const grants: readonly Grant[];
const codec = jsonCodec<number>({ kind: 'n' });
const apply = () => CasApply.write(1);

void casUpdate(scopedView(versioned, grants), '/a', codec, apply);
void casUpdate(withPrefix(versioned, '/p'), '/a', codec, apply);
void casUpdate(withReadOnly(versioned), '/a', codec, apply);
void casUpdate(withTimeout(versioned, { timeoutMs: 5 }), '/a', codec, apply);
void casUpdate(withRetry(versioned), '/a', codec, apply);
void casUpdate(withConcurrencyLimit(versioned), '/a', codec, apply);
void casUpdate(withTracing(versioned), '/a', codec, apply);

// @ts-expect-error a view of what stores only bytes takes no records
void casUpdate(scopedView(byteOnly, grants), '/a', codec, apply);
// @ts-expect-error a directory of what stores only bytes takes no records
void casUpdate(withPrefix(byteOnly, '/p'), '/a', codec, apply);
// @ts-expect-error what stores only bytes takes no records
void casUpdate(withReadOnly(byteOnly), '/a', codec, apply);
// @ts-expect-error what stores only bytes takes no records
void casUpdate(withTimeout(byteOnly, { timeoutMs: 5 }), '/a', codec, apply);
// @ts-expect-error what stores only bytes takes no records
void casUpdate(withRetry(byteOnly), '/a', codec, apply);
// @ts-expect-error what stores only bytes takes no records
void casUpdate(withConcurrencyLimit(byteOnly), '/a', codec, apply);
// @ts-expect-error what stores only bytes takes no records
void casUpdate(withTracing(byteOnly), '/a', codec, apply);

// Which mount serves a path is known at run time only, so it is gated then.
void casUpdate(mountTable([{ at: '/', filesystem: byteOnly }]), '/a', codec, apply);
