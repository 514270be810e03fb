/** A page of resources/docs that is made from the sources and never by hand. */
export interface GeneratedPage {
  /** From the top of the repository. */
  readonly path: string;
  readonly make: () => string | Promise<string>;
  /** Why this machine cannot make the page as it is committed, if so. */
  readonly notHere?: () => string | undefined;
}

/** First lines of every generated page. */
export const heading = (title: string, from: string): string => `# ${title}\n\n<!-- Generated from ${from} by \`npm run docs\`; do not edit. -->\n`;

/** A Markdown table; cells are escaped. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}
