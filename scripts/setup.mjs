import './toolchain/node-version.mjs';
import { complain } from './toolchain/complain.mjs';
import { ensureInstalled } from './toolchain/install.mjs';

await ensureInstalled().catch(complain);
