import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Harness } from '../harness.ts';
import { CONTRACT_VERSION } from './contract-version.ts';

/** What a report was made with. */
export interface Versions {
  /** Of Node, without a `v`. */
  readonly node: string;
  /** Of `@holdfast/core`. */
  readonly core: string;
  /** Of `@holdfast/contract`, the package. */
  readonly contract: string;
  /** Which promises it holds adapters to: {@link CONTRACT_VERSION}. */
  readonly promises: string;
  /** Of the adapter, where its harness says. */
  readonly adapter?: string;
}

/** What is told in place of a version that is nowhere to be found, as in a bundle. */
const UNKNOWN = 'unknown';

/** The versions of everything that takes part. */
export function versionsOf({ version }: Harness): Versions {
  return {
    node: process.versions.node,
    core: versionIn(() => createRequire(import.meta.url).resolve('@holdfast/core/package.json')),
    contract: versionIn(() => new URL('../../package.json', import.meta.url)),
    promises: CONTRACT_VERSION,
    ...(version === undefined ? {} : { adapter: version }),
  };
}

function versionIn(manifest: () => string | URL): string {
  try {
    const { version } = JSON.parse(readFileSync(manifest(), 'utf8')) as { readonly version?: unknown };
    return typeof version === 'string' ? version : UNKNOWN;
  } catch {
    return UNKNOWN;
  }
}
