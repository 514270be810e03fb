/** The colours of the theme, for what is drawn on a canvas. */

export interface ChartColors {
  readonly text: string;
  readonly line: string;
  readonly surface: string;
  readonly border: string;
}

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

export const chartColors = (): ChartColors => ({ text: token('--text-2'), line: token('--line'), surface: token('--raised'), border: token('--line-strong') });

const seriesCount = 8;
/** Of the series at `index`; after the last they begin anew. */
export const seriesColor = (index: number): string => token(`--series-${(index % seriesCount) + 1}`);
export const seriesVariable = (index: number): string => `var(--series-${(index % seriesCount) + 1})`;
