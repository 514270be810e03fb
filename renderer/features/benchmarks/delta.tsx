/** The difference to the base in few signs: how much, and whether it is told apart from chance, which colour alone does not say. */
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { texts } from '../../texts/texts.ts';
import { bareDifference } from './score-words.ts';
import styles from './benchmarks.module.css';

const signs: Readonly<Record<PairedComparison['verdict'], string>> = { better: '▲', worse: '▼', undecided: '≈' };

/** `words` of the comparison is its tip, and said to whoever cannot see the signs. */
export const Delta = ({ comparison: { verdict, metric, difference, words } }: { readonly comparison: PairedComparison }) => (
  <span className={styles[verdict]} title={words}>
    <span aria-hidden>{signs[verdict]} </span>
    {bareDifference(metric, difference)}
    <span className="visually-hidden"> {texts.benchmarks.overview.against(words)}</span>
  </span>
);
