/** Columns of text, each as wide as its widest cell. */

/** Cells of columns named in `right` are set flush right. */
export function table(rows: readonly (readonly string[])[], { right = [] }: { right?: readonly number[] } = {}): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (right.includes(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
