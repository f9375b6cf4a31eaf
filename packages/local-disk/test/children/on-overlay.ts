// Uses roots on an overlay mount, one that comes from its lower layer and one that does not, and one on a read-only mount;
// prints what it saw.
import { mkdir, rm } from 'node:fs/promises';
import { isHoldfastError } from '@holdfast/core';
import { openLocalDisk } from '../../src/open-local-disk.ts';
import { namesIn, pathsBelow, text, textOf } from '../support/text.ts';

const codeOf = (error: unknown): string => {
  if (!isHoldfastError(error)) throw error;
  return error.code;
};

const told = (error: unknown): string => {
  if (!isHoldfastError(error)) throw error;
  return [error.code, error.outcome, error.message].join(' ');
};

const disk = await openLocalDisk({ root: 'merged/data' });
const other = await openLocalDisk({ root: 'merged/data' });
const seen: Record<string, unknown> = { containment: disk.containment };

seen['before'] = [textOf(await disk.get('/deep/low')), await namesIn(other, '/')];
await disk.put('/a', text('1'), 'any');
await disk.put('/a', text('2'), 'any');
await other.put('/b', text('3'), 'absent');
await disk.put('/deep/low', text('new'), 'any');
seen['again'] = await disk.put('/b', text('4'), 'absent').then(() => 'ok', codeOf);
seen['deleted'] = await disk.delete('/other/low', 'any');
for (const [name, each] of Object.entries({ disk, other })) {
  seen[name] = [
    textOf(await each.get('/a')),
    textOf(await each.get('/b')),
    textOf(await each.get('/deep/low')),
    await namesIn(each, '/'),
    await pathsBelow(each, '/'),
  ];
}

const made = await openLocalDisk({ root: 'merged/made', create: true });
await made.put('/a', text('x'), 'any');
await rm('merged/made', { recursive: true });
await mkdir('merged/made');
seen['replaced'] = await made.get('/a').then(() => 'ok', codeOf);

const readOnly = await openLocalDisk({ root: 'readonly' });
seen['read-only'] = [
  await namesIn(readOnly, '/'),
  ...(await Promise.all([
    readOnly.put('/a', text('x'), 'any').then(() => 'ok', told),
    readOnly.put('/new/a', text('x'), 'absent').then(() => 'ok', told),
    openLocalDisk({ root: 'readonly/new', create: true }).then(() => 'ok', told),
  ])),
];

process.stdout.write(JSON.stringify(seen));
