/** The charts of the performance page: those that it shows, the same each time, readable anywhere. */
import { describe, expect, it } from 'vitest';
import type { Report } from '../../bench/report/report-schema.ts';
import { charts } from './charts.ts';
import { performanceFiles } from './performance-files.ts';
import { fixtureReport } from './report.fixture.ts';

describe('the charts of the performance page', () => {
  const alone = (): Report => {
    const { gemm } = fixtureReport().sections;
    return fixtureReport(gemm === undefined ? {} : { gemm: { ...gemm, rows: gemm.rows.map((row) => ({ ...row, reference_gflops: [] })) } });
  };

  it.each([fixtureReport(), alone()])('are exactly those the page shows', (report) => {
    const files = performanceFiles(report);
    const shown = [...(files['performance.md'] ?? '').matchAll(/\]\((performance\/[\w-]+\.svg)\)/g)].map(([, path]) => path);
    expect(
      Object.keys(files)
        .filter((path) => path.endsWith('.svg'))
        .toSorted(),
    ).toEqual(shown.toSorted());
  });

  it('are the same text each time, whatever was drawn before', () => {
    expect(charts(fixtureReport())).toEqual(charts(fixtureReport()));
  });

  it('are SVG without a background, a script or a word from elsewhere', () => {
    for (const svg of Object.values(charts(fixtureReport()))) {
      const tags = svg.match(/<\w[^>]*>/g) ?? [];
      expect(tags.filter((tag) => !/^<\w+(\s+[\w:-]+="[^"<]*")*\s*\/?>$/.test(tag))).toEqual([]);
      expect(svg).toMatch(/^<svg [^>]*xmlns/);
      expect(svg).not.toMatch(/<script|<style|<image|<rect[^>]*fill="(#fff|white)/);
    }
  });
});
