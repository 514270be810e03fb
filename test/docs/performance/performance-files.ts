/** Every file that is made from a report, by its path under resources/docs: the page and its charts. */
import type { Report } from '../../bench/report/report-schema.ts';
import { charts } from './charts.ts';
import { performancePage } from './page.ts';

export function performanceFiles(report: Report): Readonly<Record<string, string>> {
  const drawn = Object.entries(charts(report)).map(([name, svg]) => [`performance/${name}.svg`, svg] as const);
  return { 'performance.md': performancePage(report), ...Object.fromEntries(drawn) };
}
