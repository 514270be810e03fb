/** Figures of versions as people read them. */
import { formatBytes, formatCount, formatNumber, formatPercent, formatSeconds } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';

export const metricName = (key: string): string => texts.registry.metrics[key] ?? key.replaceAll('_', ' ');

export function metricText(key: string, value: number): string {
  if (key.endsWith('exact_match')) return formatPercent(value);
  if (key.endsWith('bytes')) return formatBytes(value);
  if (key === 'seconds') return formatSeconds(value);
  return Number.isInteger(value) ? formatCount(value) : formatNumber(value);
}

/** Whether less of it is better, more of it is, or neither. */
export function betterWhen(key: string): 'less' | 'more' | null {
  if (/loss$|perplexity$/.test(key)) return 'less';
  return /exact_match$|accuracy$|f1$/.test(key) ? 'more' : null;
}

/** Of its training, not of rows scored afterwards, which the evaluation shows. */
export const isTrainingMetric = (key: string): boolean => !/^(base_)?test_/.test(key);

const shownHash = 12;
export const shortHash = (hash: string): string => hash.slice(0, shownHash);
