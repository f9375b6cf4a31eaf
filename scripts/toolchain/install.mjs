import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { pnpm } from './pnpm.mjs';
import { root } from './root.mjs';

/**
 * What was installed: the hash of everything the install depended on, and the folders it made.
 *
 * @typedef {{ fingerprint: string, folders: string[] }} Stamp
 */

/** Inside node_modules, so that deleting that folder always means a new install. */
const stampFile = join(root, 'node_modules', '.holdfast-setup.json');

/**
 * Installs what the lockfile names, unless that has been done. Prints nothing on standard output.
 * Rejects with a message for the person at the keyboard.
 */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await withLock('setup', async () => {
    // The process that was waited for may have done it.
    if (isInstalled()) return;
    // An install that fails half-way must not leave the stamp of an earlier one.
    rmSync(stampFile, { force: true });
    await install();
    requireNode();
    writeStamp({ fingerprint: fingerprint(), folders: dependencyFolders() });
  });
}

/** @param {Stamp} stamp */
function writeStamp(stamp) {
  // Renamed into place, since others read it without the lock.
  const unfinished = `${stampFile}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(stamp));
  renameSync(unfinished, stampFile);
}

function isInstalled() {
  const stamp = readStamp();
  if (stamp === undefined) return false;
  return stamp.fingerprint === fingerprint() && stamp.folders.every((it) => existsSync(join(root, it)));
}

function readStamp() {
  try {
    return /** @type {Stamp} */ (JSON.parse(readFileSync(stampFile, 'utf8')));
  } catch {
    // None was written, or another process is about to write it anew.
    return undefined;
  }
}

/** Everything an install depends on, as one hash. */
function fingerprint() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  const manifests = ['.', ...packageFolders()].map((folder) => join(folder, 'package.json'));
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`\0${file}\0`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

function packageFolders() {
  const folders = ['.', 'packages'].flatMap((parent) =>
    readdirSync(join(root, parent), { withFileTypes: true })
      .filter((it) => it.isDirectory())
      .map((it) => join(parent, it.name)),
  );
  return folders.filter((folder) => existsSync(join(root, folder, 'package.json'))).toSorted();
}

/** So that a package whose node_modules was cleaned away is noticed. */
function dependencyFolders() {
  return ['.', ...packageFolders()]
    .map((folder) => join(folder, 'node_modules'))
    .filter((folder) => existsSync(join(root, folder)));
}

async function install() {
  console.error('Installing the dependencies of this workspace.');
  let output = '';
  const code = await pnpm(['install', '--frozen-lockfile'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    onOutput(text) {
      process.stderr.write(text);
      output += text;
    },
  });
  if (code !== 0) throw new Error(`The install failed (exit code ${code}). ${adviceOn(output)}`);
}

/** @param {string} output */
function adviceOn(output) {
  if (output.includes('OUTDATED_LOCKFILE')) {
    return 'A package.json names what pnpm-lock.yaml does not: run `npm run pnpm -- install`.';
  }
  if (/E(NOTFOUND|AI_AGAIN|CONNREFUSED|CONNRESET|TIMEDOUT)|SOCKET_TIMEOUT|META_FETCH_FAIL|NETWORK_ERROR/.test(output)) {
    return 'The npm registry could not be reached: check the network, then try again.';
  }
  return 'What pnpm printed above says why.';
}

/** For some machines the registry has no Node package; there the running Node must do. */
function requireNode() {
  const needed = 24;
  if (existsSync(join(root, 'node_modules', '.bin', 'node'))) return;
  if (Number(process.versions.node.split('.')[0]) >= needed) return;
  throw new Error(
    `The npm registry has no Node ${needed} for ${process.platform} ${process.arch}, ` +
      `and this is ${process.version}: install Node ${needed} or later, then try again.`,
  );
}
