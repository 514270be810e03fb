/** One event as a line for people; nothing for events that only move a bar. */
import type { JobEvent, RunLogLine } from '../../../shared/contracts/run-events.ts';
import { formatBytes, formatCount, formatNumber, formatSeconds } from '../../../shared/text/format.ts';
import { planLines } from './plan-text.ts';

type StepEvent = Extract<JobEvent, { event: 'step' }>;

export const stepText = ({ step, steps, loss, learning_rate, tokens_per_second, rss_bytes, eta_seconds }: StepEvent): string =>
  `step ${step}/${steps}  loss ${loss.toFixed(4)}  lr ${formatNumber(learning_rate)}  ${formatCount(tokens_per_second)} tokens/s  ${formatBytes(rss_bytes)}  ${formatSeconds(eta_seconds)} left`;

export function eventLines(event: JobEvent): readonly string[] {
  switch (event.event) {
    case 'start':
      return [`Run ${event.run} in ${event.dir}`];
    case 'plan':
      return planLines(event);
    case 'step':
      return [stepText(event)];
    case 'eval':
      return [`eval at step ${event.step}: loss ${event.eval_loss.toFixed(4)}${event.best ? ' (best so far)' : ''}`];
    case 'checkpoint':
      return [`checkpoint at step ${event.step}: ${event.path}`];
    case 'sample':
      return [`sample at step ${event.step}: ${event.prompt}`, ...event.text.split('\n').map((line) => `  | ${line}`)];
    case 'note':
      return [`note: ${event.message}`];
    case 'pause':
      return [event.reason === 'battery' ? 'Paused: the machine runs on battery. It goes on by itself on mains power.' : 'Paused.'];
    case 'continue':
      return [`Going on after a pause of ${formatSeconds(event.seconds)}.`];
    case 'progress':
    case 'prompt':
    case 'text':
      return [];
  }
}

/** A line of events.jsonl, which also knows how the run ended. */
export function runLogLines(line: RunLogLine): readonly string[] {
  switch (line.event) {
    case 'cancelled':
      return [`stopped at step ${line.step}`];
    case 'done':
      return [`done after ${line.steps} steps in ${formatSeconds(line.seconds)}: ${line.adapter}`];
    case 'error':
      return [`${line.code}: ${line.message}. ${line.remedy}`];
    default:
      return eventLines(line);
  }
}
