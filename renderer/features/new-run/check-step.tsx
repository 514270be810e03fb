/** The last step: what the run takes of this machine, and its start. */
import { fromWireError } from '../../../shared/errors/wire-error.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { useDraft } from './draft.ts';
import { PlanPart } from './plan-part.tsx';
import { StartPart } from './start-part.tsx';
import { troubles, type Step } from './steps.ts';
import styles from './new-run.module.css';

const words = texts.newRun.check;

interface CheckStepProps {
  readonly onGo: (step: Step) => void;
}

export function CheckStep({ onGo }: CheckStepProps) {
  const config = useDraft((draft) => draft.config);
  const missing = troubles(config);
  if (missing.length === 0) return <Checked onGo={onGo} />;
  return (
    <Panel title={words.missing}>
      <ul className={styles['list']}>
        {missing.map(({ step, path, problem }) => (
          <li key={path}>
            <span className={styles['action']}>
              {texts.knobs[path] !== undefined && <strong>{texts.knobs[path].label}</strong>}
              {problem}
              <Button small onPress={() => onGo(step)}>
                {words.goTo(texts.newRun.steps[step])}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Checked({ onGo }: CheckStepProps) {
  const config = useDraft((draft) => draft.config);
  const planned = useCall('runs.plan', { config });
  const status = useCall('host.status', {});
  const again = (): void => void planned.refetch();
  const { data, error, isFetching } = planned;
  const isPlanning = isFetching && (data === undefined || error !== null);
  const isBusy = (status.data?.runs.active ?? 0) > 0;
  const canStart = data !== undefined && data.plan !== null && (data.plan.fits || isBusy);
  return (
    <>
      <Panel
        title={words.plan}
        actions={
          <Button small look="quiet" onPress={again} isDisabled={isFetching}>
            {words.again}
          </Button>
        }
      >
        {isPlanning ? (
          <>
            <Loading />
            <p className="muted">{words.planning}</p>
          </>
        ) : error !== null ? (
          <Failure error={error} onRetry={again} />
        ) : data === undefined ? null : data.plan === null ? (
          <Problem problem={data.problem} onGo={onGo} />
        ) : (
          <PlanPart plan={data.plan} notes={data.notes} isBusy={isBusy} />
        )}
      </Panel>
      <StartPart canStart={canStart} />
    </>
  );
}

interface ProblemProps {
  readonly problem: Parameters<typeof fromWireError>[0] | null;
  readonly onGo: (step: Step) => void;
}

const Problem = ({ problem, onGo }: ProblemProps) =>
  problem === null ? null : (
    <div className={styles['part']}>
      <Failure error={fromWireError(problem)} />
      <div className={styles['action']}>
        <Button onPress={() => onGo(problem.code.startsWith('DATASET') ? 'data' : 'model')}>
          {words.goTo(texts.newRun.steps[problem.code.startsWith('DATASET') ? 'data' : 'model'])}
        </Button>
      </div>
    </div>
  );
