import { accessSync, constants, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from './root.mjs';
import { run } from './run.mjs';

/**
 * Runs the pnpm that `packageManager` in package.json pins, which npm fetches if it has not yet.
 * Resolves with its exit code.
 *
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 */
export async function pnpm(args, options) {
  const manifest = readFileSync(join(root, 'package.json'), 'utf8');
  const { packageManager } = /** @type {{ packageManager: string }} */ (JSON.parse(manifest));
  try {
    const env = { ...npmSettings(), ...cacheFolders() };
    return await run('npx', ['--yes', packageManager, ...args], { ...options, env });
  } catch (error) {
    throw new Error('npx was not found; it comes with npm.', { cause: error });
  }
}

function npmSettings() {
  return {
    // `npm run --silent` would have npm keep to itself why it failed.
    npm_config_loglevel: 'error',
    // The version is exact: once fetched, there is nothing to ask the registry.
    npm_config_prefer_offline: 'true',
    // As many tries as ever, but without a network npm gives up after seconds, not after a minute.
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '10000',
  };
}

/**
 * Where npm and pnpm keep what they fetched, for someone with no home folder to write to.
 *
 * @returns {NodeJS.ProcessEnv}
 */
function cacheFolders() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const folder = join(root, '.toolchain', 'home');
    return {
      npm_config_cache: join(folder, 'npm'),
      XDG_CACHE_HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_STATE_HOME: folder,
    };
  }
}
