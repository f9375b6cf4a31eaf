import { expect, test } from 'vitest';
import type { Capabilities } from '@holdfast/core';
import { unmetNeeds, type Need } from './needs.ts';

const ALL: Capabilities = {
  cas: 'versioned',
  records: true,
  indexed: true,
  contentTypes: true,
  conditionalDelete: true,
  paths: 'prefix',
  durability: 'power-loss',
  sharing: 'network',
  maxBodyBytes: 1,
  maxPathBytes: 1024,
  maxCommitChanges: 1,
  maxCommitBytes: 1,
  planes: ['atomic-commit'],
};

const NEEDS: readonly Need[] = [
  'versioned',
  'create',
  'records',
  'indexed',
  'contentTypes',
  'conditionalDelete',
  'prefixPaths',
  'durable',
  'shared',
  'processes',
  'commits',
];

test('who claims everything leaves no need unmet', () => {
  expect(unmetNeeds(NEEDS, ALL)).toEqual([]);
});

test.each<[Partial<Capabilities>, Need[]]>([
  [{ cas: 'create-only' }, ['versioned']],
  [{ cas: 'none' }, ['versioned', 'create']],
  [{ records: false }, ['records']],
  [{ planes: ['watch'] }, ['commits']],
  [{ indexed: false }, ['indexed']],
  [{ contentTypes: false }, ['contentTypes']],
  [{ conditionalDelete: false }, ['conditionalDelete']],
  [{ paths: 'tree' }, ['prefixPaths']],
  [{ durability: 'process-crash' }, []],
  [{ durability: 'none' }, ['durable']],
  [{ sharing: 'host' }, []],
  [{ sharing: 'process' }, ['processes']],
  [{ sharing: 'instance' }, ['shared', 'processes']],
])('with %j these needs are unmet: %j', (claims, unmet) => {
  expect(unmetNeeds(NEEDS, { ...ALL, ...claims })).toEqual(unmet);
});
