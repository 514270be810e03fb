/** The steps in their order, how each stands, and what was chosen in it. Any of them can be gone to. */
import { Check, CircleAlert } from 'lucide-react';
import { Button } from 'react-aria-components';
import { texts } from '../../texts/texts.ts';
import { steps, type Step } from './steps.ts';
import styles from './step-bar.module.css';

const words = texts.newRun;

export type StepStanding = 'open' | 'done' | 'problem';

interface StepBarProps {
  readonly here: Step;
  readonly onGo: (step: Step) => void;
  readonly standing: Readonly<Record<Step, StepStanding>>;
  /** What was chosen, in a word or two. */
  readonly chosen: Readonly<Record<Step, string | null>>;
}

const said: Readonly<Record<StepStanding, string>> = { open: words.stepOpen, done: words.stepDone, problem: words.stepProblem };

export const StepBar = ({ here, onGo, standing, chosen }: StepBarProps) => (
  <nav aria-label={words.stepsLabel}>
    <ol className={styles['bar']}>
      {steps.map((step, index) => (
        <li key={step}>
          <Button className={styles['step'] ?? ''} onPress={() => onGo(step)} {...(step === here && { 'aria-current': 'step' as const })}>
            <span className={`${styles['number'] ?? ''} ${styles[standing[step]] ?? ''}`} aria-hidden>
              {standing[step] === 'done' ? <Check /> : standing[step] === 'problem' ? <CircleAlert /> : index + 1}
            </span>
            <span className={styles['words']}>
              <span className={styles['title']}>
                {words.steps[step]}
                <span className="visually-hidden">, {said[standing[step]]}</span>
              </span>
              <span className={styles['chosen']}>{chosen[step] ?? '—'}</span>
            </span>
          </Button>
        </li>
      ))}
    </ol>
  </nav>
);
