// Opens a store as its backend does in child processes, and takes part in a storm of transfers.
import type { RootFilesystem } from '@holdfast/core';
import { say, sayAndWait } from '@holdfast/test-support';
import { storm, type StormNumbers } from '../transfers.ts';

const [module = '', input = '', name = '', numbers = ''] = process.argv.slice(2);
const { open } = (await import(module)) as { open(input: unknown): Promise<RootFilesystem> };
const filesystem = await open(JSON.parse(input));
await sayAndWait('ready');
const told = await storm(filesystem, name, JSON.parse(numbers) as StormNumbers);
await filesystem.close();
await say(told);
process.disconnect();
