/** Steps as they are meant, each with its calls. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { texts } from '../../texts/texts.ts';
import styles from './deploy.module.css';

const words = texts.deploy;

export const PlannedSteps = ({ steps }: { readonly steps: readonly DeploymentStep[] }) => (
  <ol className={styles['steps']}>
    {steps.map((step) => (
      <li key={step.position}>
        <span className={styles['mark']} data-state="waiting" aria-hidden />
        <div className={styles['step']}>
          <p>{step.words}</p>
          <Calls step={step} />
        </div>
        {step.traffic !== null && <span className={styles['traffic']}>{words.share(step.traffic)}</span>}
      </li>
    ))}
  </ol>
);

export const Calls = ({ step: { calls } }: { readonly step: DeploymentStep }) =>
  calls.length > 0 && (
    <ul className={styles['calls']}>
      {calls.map((call, index) => (
        <li key={index}>{call}</li>
      ))}
    </ul>
  );
