/** The first step: which model is to learn. */
import { useCall } from '../../bridge/core-context.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { modelLine, shownFacts, type FileFacts } from '../files/file-facts.ts';
import { fileName } from '../runs/run-title.ts';
import { isDemoModel } from './demo-model.ts';
import { setValue, useDraft } from './draft.ts';
import { FileChoice } from './file-choice.tsx';
import styles from './new-run.module.css';

const words = texts.newRun.model;
const choose = (reference: string): void => setValue('model', reference);

export function ModelStep() {
  const model = useDraft(({ config }) => config.model) ?? null;
  return (
    <>
      <FileChoice
        kind="model"
        words={words}
        value={model}
        onChoose={choose}
        demoOf={({ config }) => ({ path: config.model, title: fileName(config.model ?? '') })}
        isDemo={isDemoModel}
        lineOf={({ facts }) => modelLine(facts)}
      />
      {model !== null && <ModelFacts key={model} model={model} />}
    </>
  );
}

function ModelFacts({ model }: { readonly model: string }) {
  const shelf = useCall('models.list', {});
  const kept = shelf.data?.items.find(({ name }) => name === model);
  const inspected = useCall('models.inspect', { path: model }, { enabled: shelf.data !== undefined && kept === undefined });
  return (
    <Panel title={words.facts}>
      {kept !== undefined ? (
        <FactsOf facts={kept.facts} />
      ) : inspected.error !== null ? (
        <Failure error={inspected.error} onRetry={() => void inspected.refetch()} />
      ) : (
        <Loaded query={inspected}>
          {({ kind, facts, problems }) => (
            <div className={styles['part']}>
              {kind !== 'model' && <p className={styles['warning']}>{words.isAdapter}</p>}
              {problems.map(({ line, problem }) => (
                <p key={`${line} ${problem}`} className={styles['warning']}>
                  {problem}
                </p>
              ))}
              <FactsOf facts={facts} />
            </div>
          )}
        </Loaded>
      )}
    </Panel>
  );
}

const FactsOf = ({ facts }: { readonly facts: FileFacts }) => (
  <Facts facts={shownFacts(facts).map(({ name, value }) => ({ name, value: name === 'SHA-256' ? <span className="mono">{value}</span> : value }))} />
);
