/** Numbers as the performance page shows them, and the few sums that are made over measured runs. */
import { median } from 'simple-statistics';
import type { Pairs, ReferenceFigure, RunFigure } from '../../bench/report/report-schema.ts';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const whole = (value: number): string => grouped.format(value);
export const times = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} ×`;
export const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
export const mebibytes = (bytes: number): string => `${whole(bytes / 2 ** 20)} MiB`;
export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;

/** Of a side of pairs. */
export const medianOf = <T>(figures: readonly T[], value: (figure: T) => number): number => median(figures.map(value));

export const rate = ({ tokens_per_second: tokens }: RunFigure | ReferenceFigure): number => tokens;
export const peak = ({ peak_bytes: bytes }: RunFigure | ReferenceFigure): number => bytes;
/** Both processes of a run: the one that trains and the command line beside it. */
export const wholePeak = ({ peak_bytes: bytes, command_line_peak_bytes: beside }: RunFigure): number => bytes + beside;

export const kernelShare = ({ kernel_seconds: kernels, step_seconds: all }: RunFigure): number =>
  Object.values(kernels).reduce((sum, spent) => sum + spent, 0) / all;

/** Median of ours over median of theirs; null where the reference was not measured. */
export const speedRatio = ({ ours, reference }: Pairs): number | null => (reference.length === 0 ? null : medianOf(ours, rate) / medianOf(reference, rate));

export const memoryRatio = ({ ours, reference }: Pairs): number | null =>
  reference.length === 0 ? null : medianOf(reference, peak) / medianOf(ours, wholePeak);

/** Lowest and highest, where there are several. */
export function spread(values: readonly number[], show: (value: number) => string): string {
  return values.length < 2 ? '' : ` (${show(Math.min(...values))} to ${show(Math.max(...values))})`;
}
