import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the workspace, without a trailing slash. */
export const root = join(fileURLToPath(import.meta.url), '../../..');
