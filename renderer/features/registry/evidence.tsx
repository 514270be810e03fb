/** What there is to judge a version by. What is missing is said, not left out. */
import type { ReactNode } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { Facts } from '../../components/facts.tsx';
import { texts } from '../../texts/texts.ts';
import { VersionScores } from '../benchmarks/version-scores.tsx';
import { EvaluationText } from './evaluation-panel.tsx';
import { originFacts, trainingFacts } from './version-facts.tsx';
import styles from './evidence.module.css';

const words = texts.registry.evidence;

/** `gate`: what its rules say, over the scores. */
export function Evidence({ version, gate }: { readonly version: VersionDetails; readonly gate: ReactNode }) {
  const { record } = version;
  const figures = trainingFacts(record);
  return (
    <>
      <Part title={texts.gates.title}>{gate}</Part>
      <Part title={texts.registry.evaluation.title}>
        <EvaluationText evaluation={record.evaluation} />
      </Part>
      <Part title={words.benchmarks}>
        <VersionScores version={version} />
      </Part>
      <Part title={words.training}>{figures.length === 0 ? <p className="muted">{words.noTraining}</p> : <Facts facts={figures} />}</Part>
      <Part title={words.madeFrom}>
        <Facts facts={originFacts(record)} />
      </Part>
    </>
  );
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={styles['part']} aria-label={title}>
    <h3>{title}</h3>
    {children}
  </section>
);
