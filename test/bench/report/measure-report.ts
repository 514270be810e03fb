/** `npm run bench -- --report`: measures the sections one after another and keeps what is measured as it goes. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { benchBases } from '../bases/bench-bases.ts';
import { benchPrecisions } from '../bench-precisions.ts';
import type { BenchContext, Measured } from './bench-context.ts';
import { curvesSection } from './curves-section.ts';
import { gemmSection } from './gemm-section.ts';
import { largeSection } from './large-section.ts';
import { Report, type Machine, type SectionName } from './report-schema.ts';
import { rowsSection } from './rows-section.ts';
import { startSection } from './start-section.ts';
import { stepSection } from './step-section.ts';

/** In the order in which they are measured. `folder` is for its files. */
const sections: { readonly [K in SectionName]: (context: BenchContext, folder: string) => Promise<Measured<K> | string> } = {
  gemm: gemmSection,
  step: stepSection,
  rows: rowsSection,
  large: largeSection,
  start: startSection,
  curves: curvesSection,
  bases: benchBases,
  precisions: benchPrecisions,
};

export interface ReportRequest {
  readonly machine: Machine;
  readonly only: readonly SectionName[];
  /** The JSON: read where it is of this machine, and written after each section. */
  readonly path: string;
}

export async function measureReport({ machine, only, path }: ReportRequest, context: BenchContext): Promise<Report> {
  let report = earlierReport(path, machine);
  for (const name of only) {
    const folder = mkdtempSync(join(tmpdir(), 'lathe-report-'));
    try {
      const measured = await sections[name](context, folder);
      const { [name]: _, ...others } = report.sections;
      const facts = { date: new Date().toISOString(), command: commandOf(name, context), quick: context.quick };
      const { [name]: __, ...missing } = report.missing;
      report = Report.parse(
        typeof measured === 'string'
          ? { machine, missing: { ...missing, [name]: measured }, sections: others }
          : { machine, missing, sections: { ...others, [name]: { ...facts, ...measured } } },
      );
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(report, null, 1)}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return report;
}

/** Sections that were measured before, on the same machine; figures of another one would stand beside these as if they were comparable. */
function earlierReport(path: string, machine: Machine): Report {
  const nothing: Report = { machine, missing: {}, sections: {} };
  if (!existsSync(path)) return nothing;
  const earlier = Report.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!earlier.success) throw new Error(`${path} is of another version of this bench; move it away to measure anew`);
  return isDeepStrictEqual(earlier.data.machine, machine) ? earlier.data : nothing;
}

/** Without paths: they would say nothing elsewhere. */
function commandOf(name: SectionName, { quick, reference, pairs }: BenchContext): string {
  const flags = ['--report', '--only', name, ...(quick ? ['--quick'] : []), ...(reference === null ? [] : ['--reference', 'PYTHON', '--pairs', String(pairs)])];
  return `npm run bench -- ${flags.join(' ')}`;
}
