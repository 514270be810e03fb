/** The columns that rows are read from, of facts such as `prompt=question`: a column that is called as its part is said once. */

export const columnNames = (mapped: readonly string[]): string =>
  mapped
    .map((each) => {
      const [part = '', column = part] = each.split(/=(.*)/s);
      return part === column ? part : `${column} (${part})`;
    })
    .join(', ');
