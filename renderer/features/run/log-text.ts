/** A line of a run's log in words. */
import type { RunLogEntry } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatCount, formatNumber, formatPercent, formatSeconds } from '../../../shared/text/format.ts';

export function logText(entry: RunLogEntry): string {
  switch (entry.event) {
    case 'start':
      return entry.dir;
    case 'plan':
      return `${formatCount(entry.steps)} steps over ${formatCount(entry.rows)} rows, ${formatBytes(entry.memory.total_bytes)} of memory, about ${formatSeconds(entry.time.seconds)}`;
    case 'step':
      return `step ${entry.step}, loss ${formatNumber(entry.loss)}`;
    case 'eval':
      return `step ${formatCount(entry.step)}, held-out loss ${formatNumber(entry.eval_loss)}${entry.best ? ', the best so far' : ''}`;
    case 'checkpoint':
      return `step ${formatCount(entry.step)}, ${entry.path}`;
    case 'sample':
      return `step ${formatCount(entry.step)}: ${entry.text}`;
    case 'note':
      return entry.message;
    case 'pause':
      return `waits (${entry.reason})`;
    case 'continue':
      return `goes on after ${formatSeconds(entry.seconds)}`;
    case 'progress':
      return `${entry.what}: ${entry.total === 0 ? formatCount(entry.done) : formatPercent(entry.done / entry.total)}`;
    case 'prompt':
    case 'text':
      return entry.text;
    case 'cancelled':
      return `stopped at step ${formatCount(entry.step)}`;
    case 'done':
      return `${formatCount(entry.steps)} steps in ${formatSeconds(entry.seconds)}, last loss ${formatNumber(entry.final_loss)}`;
    case 'error':
      return `${entry.message}. ${entry.remedy}`;
  }
}
