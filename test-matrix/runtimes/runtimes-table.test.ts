import { expect, test } from 'vitest';
import { runtimesTable } from './runtimes-table.ts';

test('the table says what works, what does not, and what was not tried', () => {
  const rows = [
    {
      runtime: 'Node 24',
      results: [
        { column: 'memory', problem: undefined },
        { column: 'SQLite', problem: 'Error: no' },
      ],
    },
    { runtime: 'workerd', results: [{ column: 'memory', problem: undefined }] },
  ];
  expect(runtimesTable(rows)).toBe(
    [
      '| runtime | memory | SQLite |',
      '| ------- | ------ | ------ |',
      '| Node 24 | yes    | no     |',
      '| workerd | yes    |        |',
    ].join('\n'),
  );
});
