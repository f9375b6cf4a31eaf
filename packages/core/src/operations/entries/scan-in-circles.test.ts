import { expect, test } from 'vitest';
import type { Capabilities } from '../../capabilities/capabilities.ts';
import type { Snapshot } from '../../entries/entry.ts';
import type { PathRange } from '../../paths/path-range.ts';
import type { VirtualPath } from '../../paths/virtual-path.ts';
import { BaseFilesystem } from '../../filesystem/base-filesystem.ts';

const CLAIMS: Capabilities = {
  cas: 'none',
  records: false,
  indexed: false,
  contentTypes: false,
  conditionalDelete: false,
  paths: 'prefix',
  durability: 'none',
  sharing: 'instance',
  maxBodyBytes: 1024,
  maxPathBytes: 1024,
  maxCommitChanges: 0,
  maxCommitBytes: 0,
  planes: [],
};

/** Answers every scan from the beginning, wherever it is asked to start. */
class Circular extends BaseFilesystem {
  protected override _capabilitiesAt(): Capabilities {
    return CLAIMS;
  }
  protected override async _get(): Promise<undefined> {}
  protected override async _put(): Promise<void> {}
  protected override async _delete(): Promise<boolean> {
    return false;
  }
  protected override async _scan(_range: PathRange, limit: number): Promise<readonly Snapshot[]> {
    const others = { version: undefined, contentType: 'text/plain', kind: undefined, indexed: undefined } as const;
    return Array.from({ length: limit }, (_, index) => {
      return { path: `/a${index}` as VirtualPath, body: new Uint8Array(), ...others };
    });
  }
}

test('an adapter whose scans ignore where they are to start ends a listing with CORRUPT, and not never', async () => {
  await expect(new Circular().list('/')).rejects.toMatchObject({ code: 'CORRUPT', operation: 'list', path: '/' });
});

test('and an iteration', async () => {
  const iteration = new Circular().entries('/', { pageSize: 1 });
  await iteration.next();
  await expect(iteration.next()).rejects.toMatchObject({ code: 'CORRUPT', operation: 'entries' });
});
