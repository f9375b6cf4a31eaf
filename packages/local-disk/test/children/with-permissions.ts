// Opens roots under Node's permission model, and prints how it went. Given: a root that may be read, and one that may not.
import { isHoldfastError } from '@holdfast/core';
import { openLocalDisk } from '../../src/open-local-disk.ts';
import { namesIn, text, textOf } from '../support/text.ts';

const shown = (error: unknown): string => {
  if (!isHoldfastError(error)) throw error;
  return [error.code, error.outcome, error.retryable, error.message].join(' ');
};
const [readable = '', hidden = ''] = process.argv.slice(2);

const disk = await openLocalDisk({ root: readable });
const answers = [
  disk.containment,
  await disk.get('/a').then(textOf, shown),
  await namesIn(disk, '/').catch(shown),
  await disk.put('/a', text('new'), 'any').then(() => 'ok', shown),
  await disk.put('/new/b', text('new'), 'absent').then(() => 'ok', shown),
  await disk.delete('/a', 'any').then(() => 'ok', shown),
  await openLocalDisk({ root: hidden }).then(() => 'ok', shown),
  await openLocalDisk({ root: `${hidden}/new`, create: true }).then(() => 'ok', shown),
];
process.stdout.write(JSON.stringify(answers));
