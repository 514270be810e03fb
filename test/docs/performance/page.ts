/** The performance page: a pure function of one report. What was not measured is said, never filled in. */
import { heading } from '../generated-page.ts';
import type { Report } from '../../bench/report/report-schema.ts';
import { basesPart } from './bases-part.ts';
import { curvesPart } from './curves-part.ts';
import { gemmPart } from './gemm-part.ts';
import type { Part } from './part.ts';
import { precisionsPart } from './precisions-part.ts';
import { startPart } from './start-part.ts';
import { largePart, outsidePart, rowsPart, stepPart } from './step-part.ts';
import { summaryTable } from './summary.ts';

const parts: readonly Part[] = [stepPart, rowsPart, largePart, outsidePart, gemmPart, curvesPart, basesPart, precisionsPart, startPart];

function introduction({ machine: { cpu, cores, threads, memory_bytes: memory, platform, node, lathe, features }, sections }: Report): string {
  const measured = Object.values(sections).filter((section) => section !== undefined);
  const dates = [...new Set(measured.map(({ date }) => date.slice(0, 10)))].sort();
  const versions = sections.step?.pairs[0]?.reference[0]?.versions ?? sections.rows?.pairs[0]?.reference[0]?.versions;
  const reference =
    versions === undefined
      ? 'No reference was measured beside it.'
      : `The reference is LoRA training as most people would set it up: ${Object.entries(versions)
          .map(([name, version]) => `${name} ${version}`)
          .join(', ')}, in the type it is fastest in, on the same machine in the same session, by turns with Lathe.`;
  const warning = measured.some(({ quick }) => quick) ? '\n**Measured with short settings, to see that everything runs; not to be quoted.**\n' : '';
  return `
How fast Lathe trains on what, and against what. Measured ${dates.join(' and ')} on ${cores} cores (${threads} threads) of ${cpu}, ${(memory / 2 ** 30).toFixed(0)} GiB of memory,
${platform}; Lathe ${lathe}, Node ${node}. Instruction sets: ${features.join(' ')}.
${reference}
${warning}
Figures hold for this machine and hour; ratios travel better. A rate is tokens of real text a second: padding is not counted. A memory figure
is the peak of resident memory; Lathe's is that of both its processes, the one that trains and the command line. All of Lathe's training
figures are real runs of \`lathe train\`, so speed and memory come from one run with what its plan chose.
`;
}

export const performancePage = (report: Report): string =>
  heading('Performance', 'resources/docs/performance/measured.json') +
  introduction(report) +
  `\n## In short\n\n${summaryTable(report)}\n` +
  parts.map((part) => part(report)).join('');
