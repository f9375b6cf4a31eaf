/**
 * The demo: 40 concurrent turns spend from one shared budget record and keep their own run records, through
 * `casUpdate`, on every backend, while one more writer of the budget hangs.
 */
import { ServerError } from '@holdfast/test-servers';
import { BACKENDS } from './backends.ts';
import { runDemo } from './run-demo.ts';
import { startServers } from './servers.ts';

async function main(args: readonly string[]): Promise<number> {
  const unknown = args.find((argument) => argument !== '--json');
  if (unknown !== undefined) {
    console.error(`unknown argument ${unknown}; the only one is --json`);
    return 2;
  }
  try {
    await using servers = await startServers();
    const json = args.includes('--json');
    return await runDemo({ backends: BACKENDS, servers, json, print: console.log, printError: console.error });
  } catch (error) {
    if (!(error instanceof ServerError)) throw error;
    // Written for whoever runs the demo; where it was thrown says nothing more.
    console.error(error.message);
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
