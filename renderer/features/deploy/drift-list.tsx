/** How a target differs from what was left there. */
import type { DriftFinding } from '../../../shared/domain/deployment.ts';
import { Badge } from '../../components/badge.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import styles from './deploy.module.css';

const words = texts.deploy.targets;

export const DriftList = ({ drift }: { readonly drift: readonly DriftFinding[] }) => (
  <section className={styles['warning']} aria-label={words.drift}>
    <h3>{words.drift}</h3>
    <ul className={styles['list']}>
      {drift.map(({ server, what, subject, words: said, at }) => (
        <li key={`${server} ${what} ${subject}`}>
          <Badge tone="warn">{words.driftNames[what]}</Badge>
          <span>{said}</span>
          <Time at={at} />
        </li>
      ))}
    </ul>
    <p>{words.driftText}</p>
  </section>
);
