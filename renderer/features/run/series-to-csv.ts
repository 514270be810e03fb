/** The figures of a run as a table for other programs: numbers whole, a dot for the decimals, an empty field where there is none. */
import { stepColumns, type RunSeries } from '../../bridge/run-series.ts';

export function seriesToCsv({ table, evaluations }: Pick<RunSeries, 'table' | 'evaluations'>): string {
  const columns = stepColumns.map((name) => table.column(name));
  const held = new Map(evaluations.map(({ step, eval_loss }) => [step, eval_loss]));
  const lines = [[...stepColumns, 'eval_loss'].join(',')];
  for (let row = 0; row < table.length; row += 1) {
    const step = columns[0]?.[row] ?? 0;
    lines.push([...columns.map((column) => numberText(column[row])), numberText(held.get(step))].join(','));
  }
  return `${lines.join('\n')}\n`;
}

const numberText = (value: number | undefined): string => (value === undefined || Number.isNaN(value) ? '' : String(value));
