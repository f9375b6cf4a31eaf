import { readFileSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeScratchDirectory } from '@holdfast/test-support';
import Database from 'better-sqlite3';
import { median } from '../measure/median.ts';

/** What the figures of a run depend on, beside the code. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
  readonly cpuModel: string;
  /** Where the temporary files are, and with them all databases. In memory nothing survives a power cut, whatever is said. */
  readonly temporaryFiles: 'disk' | 'memory';
  /** What a write of 4 KiB to a file among the temporary ones and its sync take, in milliseconds: a median. */
  readonly syncMs: number;
  /** The versions of the drivers and peers, and of SQLite; `null` for what is not installed. */
  readonly versions: Readonly<Record<string, string | null>>;
}

const PACKAGES = [
  'better-sqlite3',
  'pg',
  '@libsql/client',
  'kysely',
  'postgres',
  '@deno/kv',
  'lmdb',
  'unstorage',
  'db0',
  'keyv',
  '@keyv/postgres',
] as const;

/** What Linux calls a file system in memory (`TMPFS_MAGIC` of statfs(2)). */
const TMPFS = 0x01021994;

/** How often the disk is asked. */
const SYNCS = 25;

/** The machine that this process runs on. */
export async function thisMachine(): Promise<Machine> {
  return {
    node: process.versions.node,
    platform: process.platform,
    arch: process.arch,
    cpus: availableParallelism(),
    cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
    temporaryFiles: (await statfs(tmpdir())).type === TMPFS ? 'memory' : 'disk',
    syncMs: await costOfSync(),
    versions: { SQLite: sqliteVersion(), ...Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])) },
  };
}

/** It in one line, and the versions in another. */
export function describeMachine(machine: Machine): readonly [where: string, versions: string] {
  const { node, platform, arch, cpus: count, cpuModel, temporaryFiles, syncMs, versions } = machine;
  const where = `Node ${node} on ${platform} ${arch}, ${count} processors (${cpuModel})`;
  const sync = `a synced write of 4 KiB takes ${syncMs.toFixed(2)} ms`;
  const kept =
    temporaryFiles === 'disk' ? '' : '; TEMPORARY FILES ARE IN MEMORY: TMPDIR has to name a folder on a disk';
  const known = Object.entries(versions).flatMap(([name, version]) => (version === null ? [] : `${name} ${version}`));
  return [`${where}; ${sync}${kept}`, known.join(', ')];
}

async function costOfSync(): Promise<number> {
  await using scratch = await makeScratchDirectory('bench');
  await using file = await open(join(scratch.path, 'sync'), 'w');
  const block = new Uint8Array(4096);
  const taken: number[] = [];
  for (let n = 0; n < SYNCS; n += 1) {
    const began = performance.now();
    await file.write(block);
    await file.datasync();
    taken.push(performance.now() - began);
  }
  return median(taken);
}

function sqliteVersion(): string {
  const database = new Database(':memory:');
  const version = database.prepare<[], string>('select sqlite_version()').pluck().get() ?? 'unknown';
  database.close();
  return version;
}

/** Packages need not export their manifest, so it is read where they are installed. */
function versionOf(name: string): string | null {
  try {
    const file = join(import.meta.dirname, '..', 'node_modules', name, 'package.json');
    return (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version;
  } catch {
    return null;
  }
}
