import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import { expect, test } from 'vitest';
import { isDecided } from './meanings.ts';

test('of every error that the system or Node can name, somebody decided what it means', () => {
  const named = [...Object.keys(constants.errno), ...[...getSystemErrorMap().values()].map(([name]) => name)];
  // Of looking up hosts, which no file call does.
  const ofFiles = named.filter((name) => !name.startsWith('EAI_'));
  expect(ofFiles.length).toBeGreaterThan(70);
  expect(ofFiles.filter((name) => !isDecided(name))).toEqual([]);
});
