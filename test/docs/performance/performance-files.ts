/** Every file that is made from a report, by its path under resources/docs. */
import type { Report } from '../../bench/report/report-schema.ts';
import { performancePage } from './page.ts';

export const performanceFiles = (report: Report): Readonly<Record<string, string>> => ({ 'performance.md': performancePage(report) });
