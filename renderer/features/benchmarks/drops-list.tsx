/** Scores that fell, in words, with the way to what flipped. */
import type { ScoreDrop } from '../../../shared/domain/benchmark-run.ts';
import { LinkButton } from '../../components/button.tsx';
import { texts } from '../../texts/texts.ts';
import { flipsPath } from './benchmark-paths.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.run;

export const DropsList = ({ drops }: { readonly drops: readonly ScoreDrop[] }) => (
  <ul className={styles['list']}>
    {drops.map(({ score, before, subject, task, words: sentence }) => (
      <li key={score} className={styles['line']}>
        <span>{sentence}</span>
        <LinkButton small to={flipsPath(before, score, 'lost')} label={`${words.lookFlips}: ${subject}, ${task}`}>
          {words.lookFlips}
        </LinkButton>
      </li>
    ))}
  </ul>
);
