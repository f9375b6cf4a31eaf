import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './root.mjs';

const onWindows = process.platform === 'win32';

/**
 * The environment of every command: the tools of this workspace, its Node among them, come first.
 *
 * @param {NodeJS.ProcessEnv} [extra]
 * @returns {NodeJS.ProcessEnv}
 */
function environment(extra = {}) {
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/**
 * Runs a command in the workspace and resolves with its exit code, 128 plus the signal if one ended
 * it. Rejects only if the command could not be started.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdio?: import('node:child_process').StdioOptions,
 *   onOutput?: (text: string) => void }} [options]
 * `onOutput` is given what the command prints on any descriptor that `stdio` makes a pipe.
 * @returns {Promise<number>}
 */
export function run(command, args, { cwd = root, env, stdio = 'inherit', onOutput } = {}) {
  return new Promise((resolve, reject) => {
    // Windows finds `npx` and the like only through its shell.
    const child = spawn(command, args, { cwd, env: environment(env), stdio, shell: onWindows });
    const pass = (/** @type {string} */ text) => onOutput?.(text);
    child.stdout?.setEncoding('utf8').on('data', pass);
    child.stderr?.setEncoding('utf8').on('data', pass);

    // A terminal sends Ctrl-C to the child as well. Stay, to report how the child took it.
    const stay = () => {};
    const forward = (/** @type {NodeJS.Signals} */ signal) => void child.kill(signal);
    process.on('SIGINT', stay).on('SIGTERM', forward).on('SIGHUP', forward);
    const done = () => {
      process.off('SIGINT', stay).off('SIGTERM', forward).off('SIGHUP', forward);
    };

    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code, signal) => {
      done();
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
