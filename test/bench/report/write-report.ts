/** Measures the report, then writes its JSON, the page and the charts: the page in the docs, or a try of it under build/bench. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { performanceFiles } from '../../docs/performance/performance-files.ts';
import type { BenchContext } from './bench-context.ts';
import { measureReport, type ReportRequest } from './measure-report.ts';

const projectRoot = join(import.meta.dirname, '..', '..', '..');

/** The lines that say what was written. */
export async function writeReport(request: Omit<ReportRequest, 'path'>, context: BenchContext): Promise<readonly string[]> {
  const folder = join(projectRoot, ...(context.quick ? ['build', 'bench'] : ['resources', 'docs']));
  const report = await measureReport({ ...request, path: join(folder, 'performance', 'measured.json') }, context);
  const written = Object.entries(performanceFiles(report)).map(([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return relative(projectRoot, path);
  });
  return [`Wrote ${written.join(', ')}.`];
}
