// Run by pnpm in a package that publishes documents of the repository, before it is packed.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './toolchain/root.mjs';

mkdirSync('docs', { recursive: true });
copyFileSync(join(root, 'docs/errors.md'), 'docs/errors.md');
