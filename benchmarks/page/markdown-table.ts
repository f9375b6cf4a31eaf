/** A table whose columns are as wide as their cells, as the formatter of this workspace has it; all but the first to the right. */
export function markdownTable([heads = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = heads.map((_, column) => Math.max(3, ...[heads, ...rows].map((cells) => cells[column]?.length ?? 0)));
  const rowOf = (cells: readonly string[]): string => {
    const padded = widths.map((width, column) => {
      const cell = cells[column] ?? '';
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [rowOf(heads), `| ${rule.join(' | ')} |`, ...rows.map(rowOf)].join('\n');
}
