import { expect, test } from 'vitest';
import { figuresTable } from './figures-table.ts';
import { withFigures } from './write-figures.ts';

test('a table has a row for each promise and backend, in their order', () => {
  const rows = [
    { promise: 'killed processes', where: 'sqlite-file', counts: { kills: 50, acknowledged: 10_211, lost: 0 } },
    { promise: 'cut connections', where: 'postgres', counts: { faults: 100, 'applied twice': 0 } },
    { promise: 'killed processes', where: 'local-disk', counts: { kills: 50 } },
  ];
  expect(figuresTable(rows)).toBe(
    [
      '| promise          | where       | counted                               |',
      '| ---------------- | ----------- | ------------------------------------- |',
      '| cut connections  | postgres    | faults 100, applied twice 0           |',
      '| killed processes | local-disk  | kills 50                              |',
      '| killed processes | sqlite-file | kills 50, acknowledged 10,211, lost 0 |',
    ].join('\n'),
  );
});

test('the table of a page is replaced, and what is around it stays', () => {
  const page = 'before\n<!-- figures: npm run test:faults -- --page -->\nold\n<!-- /figures -->\nafter\n';
  const replaced = 'before\n<!-- figures: npm run test:faults -- --page -->\n\nnew\n\n<!-- /figures -->\nafter\n';
  expect(withFigures(page, 'new')).toBe(replaced);
  expect(withFigures(replaced, 'new')).toBe(replaced);
  expect(() => withFigures('nothing', 'new')).toThrow('no place for figures');
});
