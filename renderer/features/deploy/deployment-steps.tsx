/** The steps of a deployment as they go: how each stands, the calls it makes, what it found, what went wrong. */
import type { DeploymentStep } from '../../../shared/domain/deployment.ts';
import { formatSeconds } from '../../../shared/text/format.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { Facts } from '../../components/facts.tsx';
import { texts } from '../../texts/texts.ts';
import { shownState, splitSteps } from './deployment-words.ts';
import { evidenceOf, type EvidenceCheck } from './evidence-rows.ts';
import { Calls } from './planned-steps.tsx';
import styles from './deploy.module.css';

const words = texts.deploy.page;
const tones: Readonly<Record<ReturnType<typeof shownState>, Tone>> = {
  waiting: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
  skipped: 'neutral',
  cut: 'warn',
};

export function DeploymentSteps({ steps, isOver }: { readonly steps: readonly DeploymentStep[]; readonly isOver: boolean }) {
  const { forward, back } = splitSteps(steps);
  return (
    <div className={styles['column']}>
      <StepList steps={forward} isOver={isOver} />
      {back.length > 0 && (
        <>
          <h3>{words.back}</h3>
          <StepList steps={back} isOver={isOver} />
        </>
      )}
    </div>
  );
}

const StepList = ({ steps, isOver }: { readonly steps: readonly DeploymentStep[]; readonly isOver: boolean }) => (
  <ol className={styles['steps']}>
    {steps.map((step) => (
      <Step key={step.position} step={step} isOver={isOver} />
    ))}
  </ol>
);

/** What was never begun of something that is over never will be. */
function Step({ step, isOver }: { readonly step: DeploymentStep; readonly isOver: boolean }) {
  const state = shownState(step, isOver);
  return (
    <li aria-current={state === 'running' ? 'step' : undefined}>
      <span className={styles['mark']} data-state={state} aria-hidden />
      <div className={styles['step']}>
        <p className={state === 'skipped' ? 'muted' : undefined}>{step.words}</p>
        {step.problem !== null && <p className={styles['problem']}>{step.problem}</p>}
        <Found step={step} />
      </div>
      <span className={styles['traffic']}>
        {step.traffic !== null && texts.deploy.share(step.traffic)} <Took step={step} />
      </span>
      <Badge tone={tones[state]}>{words.stepStates[state]}</Badge>
    </li>
  );
}

/** What took less says nothing. */
const shortMs = 100;
const TookText = ({ seconds }: { readonly seconds: number }) => <span title={words.took(formatSeconds(seconds))}>{formatSeconds(seconds)}</span>;

const Took = ({ step: { started, ended } }: { readonly step: DeploymentStep }) =>
  started !== null &&
  ended !== null &&
  Date.parse(ended) - Date.parse(started) >= shortMs && <TookText seconds={(Date.parse(ended) - Date.parse(started)) / 1_000} />;

function Found({ step }: { readonly step: DeploymentStep }) {
  const { checks, rows } = evidenceOf(step);
  const isBare = checks.length + rows.length === 0;
  if (isBare && step.calls.length === 0) return null;
  return (
    <>
      {checks.length > 0 && <Checks checks={checks} />}
      <Disclosure quiet title={isBare ? words.calls(step.calls.length) : words.evidence}>
        <div className={styles['column']}>
          {rows.length > 0 && <Facts facts={rows.map(({ name, value }) => ({ name, value }))} />}
          <Calls step={step} />
        </div>
      </Disclosure>
    </>
  );
}

const verdictTones: Readonly<Record<EvidenceCheck['verdict'], Tone>> = { pass: 'good', fail: 'bad', inconclusive: 'warn' };

const Checks = ({ checks }: { readonly checks: readonly EvidenceCheck[] }) => (
  <ul className={styles['list']}>
    {checks.map(({ name, verdict, words: said }, index) => (
      <li key={index}>
        <Badge tone={verdictTones[verdict]}>{name}</Badge>
        <span>{said}</span>
      </li>
    ))}
  </ul>
);
