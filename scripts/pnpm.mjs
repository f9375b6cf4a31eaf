// The pinned pnpm, for adding or updating a dependency: `npm run pnpm -- add -D <name>`.

import './toolchain/node-version.mjs';
import { complain } from './toolchain/complain.mjs';
import { pnpm } from './toolchain/pnpm.mjs';

process.exitCode = await pnpm(process.argv.slice(2)).catch(complain);
