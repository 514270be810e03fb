/** A report on this installation, to be sent along with a question: what it is, how it is set, what went wrong last. Redacted as the log is. */
import type { About, ShownLogLine } from '../../../shared/contracts/desk-calls.ts';
import type { RunState } from '../../../shared/domain/run-state.ts';
import type { Settings } from '../../../shared/domain/settings.ts';
import { formatBytes } from '../../../shared/text/format.ts';

export interface Diagnosed {
  readonly about: About;
  readonly settings: Settings;
  readonly runs: Readonly<Record<RunState, number>>;
  readonly freeMemoryBytes: number;
  readonly freeDiskBytes: number;
  /** Warnings and errors, the newest last. */
  readonly lines: readonly ShownLogLine[];
  readonly at: Date;
}

type Rows = readonly (readonly [string, string | number])[];

export function diagnosisText({ about, settings, runs, freeMemoryBytes, freeDiskBytes, lines, at }: Diagnosed): string {
  const { cpu, engine } = about;
  const machine: Rows = [
    ['Lathe', about.version],
    ['Node', about.node],
    ['system', `${about.os} (${about.platform}, ${about.arch})`],
    ['processor', `${cpu.model}, ${cpu.cores} cores`],
    ['memory', `${formatBytes(cpu.memory_bytes)}, ${formatBytes(freeMemoryBytes)} free`],
    ['LATHE_HOME', `${about.home}, ${formatBytes(freeDiskBytes)} free`],
    ['instruction set', engine.isa ?? 'none'],
    ...(engine.problem === null ? [] : [['engine', engine.problem] as const]),
    ['secrets', about.secrets],
  ];
  const counts = Object.entries(runs).filter(([, count]) => count > 0);
  const parts = [
    ['This installation', table(machine)],
    ['Kernels', table(engine.kernels.map(({ operation, kernel, why }) => [operation, `${kernel} (${why})`]))],
    ['Settings', table(Object.entries(settings).map(([name, value]) => [name, String(value)]))],
    ['Runs', table(counts)],
    ['Last warnings and errors', lines.length === 0 ? '' : ['```', ...lines.map(textOf), '```'].join('\n')],
  ] as const;
  const said = parts.map(([title, text]) => `## ${title}\n\n${text === '' ? 'None.' : text}\n`);
  return `# Diagnostic report\n\nMade ${at.toISOString()}.\n\n${said.join('\n')}`;
}

const table = (rows: Rows): string =>
  rows.length === 0 ? '' : ['| | |', '| --- | --- |', ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`)].join('\n');
const cell = (value: string | number): string => String(value).replaceAll('|', '\\|').replaceAll('\n', ' ');

function textOf({ time, level, name, message, fields }: ShownLogLine): string {
  const facts = Object.entries(fields).map(([key, value]) => `${key}=${String(value)}`);
  return [time ?? '', level.toUpperCase(), `${name}:`, message, ...facts].join(' ').replaceAll('```', "'''").slice(0, 2_000);
}
