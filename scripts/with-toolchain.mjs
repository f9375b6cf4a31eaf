// `node scripts/with-toolchain.mjs <command> [argument …]` installs what the workspace needs, then
// runs the command with the workspace's own Node and tools first on the path. Only this file and
// those under toolchain/ must run on the oldest Node that can set the workspace up.

import './toolchain/node-version.mjs';
import { complain } from './toolchain/complain.mjs';
import { ensureInstalled } from './toolchain/install.mjs';
import { run } from './toolchain/run.mjs';

const [command, ...args] = process.argv.slice(2);
if (command === undefined) complain('with-toolchain needs a command to run.');

await ensureInstalled().catch(complain);
process.exitCode = await run(command, args).catch(complain);
