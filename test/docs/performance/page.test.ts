/** The performance page as a pure function of a report. */
import { describe, expect, it } from 'vitest';
import { Report } from '../../bench/report/report-schema.ts';
import { performancePage } from './page.ts';
import { fixtureReport } from './report.fixture.ts';

const lines = (text: string, start: string): string[] => text.split('\n').filter((line) => line.startsWith(start));

describe('the performance page', () => {
  it('leads with ratios of medians', () => {
    const page = performancePage(fixtureReport());
    expect(lines(page, '| SmolLM2-135M, 4 × 512, amx |')).toEqual([
      '| SmolLM2-135M, 4 × 512, amx | 2,400 tokens/s | 585 tokens/s | 4.10 × as fast | `npm run bench -- --report --only step` |',
    ]);
    expect(lines(page, '| Share of the step outside the kernels | 2.0 % |')).toHaveLength(1);
    expect(lines(page, '| SmolLM2-135M, 4 × 512: peak memory | 990 MiB | 5,000 MiB | 20 % of it |')).toHaveLength(1);
    expect(page.indexOf('## In short')).toBeLessThan(page.indexOf('## The training step'));
  });

  it('says how far a product comes of the reference', () => {
    expect(performancePage(fixtureReport())).toContain('| Matrix products, bf16, amx, packed weights | up to 2,600 GFLOP/s | 93 % to 93 % of its rate |');
  });

  it('shows the curve of a base at doubled steps, and how much of it has the type', () => {
    const page = performancePage(fixtureReport());
    expect(page).toContain(
      '| Type | File | Perplexity | loss at 0 | loss at 10 | loss at 20 | loss at 40 | tokens/s | peak memory | as stored: tokens/s | as stored: peak memory |',
    );
    expect(page).toContain('| Q4_K (25 %) | 100 MiB | 8.300 | 2.3000 | 1.1500 | 0.7667 | 0.4600 | 2,000 | 700 MiB | 1,500 | 400 MiB |');
  });

  it('sets each precision against fp32 under the same cap', () => {
    const page = performancePage(fixtureReport());
    expect(page).toContain('| avx2 | int8 | 1.25 s | 2.50 s | 400 | 1.60 × | 800 MiB | 1.2400 |');
    expect(page).toContain('| avx2 | fp32 | 2.00 s | 4.00 s | 250 | 1.00 × | 800 MiB | 1.2345 |');
  });

  it('says how straight the line of memory is', () => {
    expect(performancePage(fixtureReport())).toContain('Memory grows by 320 KiB a token; no point lies more than 0 % off a straight line.');
  });

  it('says what was not measured, and invents nothing for it', () => {
    const page = performancePage(Report.parse({ ...fixtureReport(), missing: { bases: 'SmolLM2 is not on this machine' }, sections: {} }));
    expect(page).toContain('## Quantised bases\n\nNot measured here: SmolLM2 is not on this machine.');
    expect(page).toContain('## Cold start\n\nNot measured here: it was left out of this run.');
    expect(page).toContain('Nothing has been measured yet.');
    expect(page).not.toContain('.svg');
  });

  it('says so where there was no reference', () => {
    const { step } = fixtureReport().sections;
    const pairs = step?.pairs.map((each) => ({ ...each, reference: [] })) ?? [];
    const page = performancePage(fixtureReport({ ...(step === undefined ? {} : { step: { ...step, pairs } }) }));
    expect(page).toContain('| SmolLM2-135M, 4 × 512, amx | 2,400 tokens/s | not measured here |  |');
  });

  it('warns of short settings', () => {
    const { start } = fixtureReport().sections;
    expect(performancePage(fixtureReport())).not.toContain('not to be quoted');
    expect(performancePage(fixtureReport(start === undefined ? {} : { start: { ...start, quick: true } }))).toContain('not to be quoted');
  });
});
