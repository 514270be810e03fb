/** The first step: which model is to learn. */
import { FolderOpen } from 'lucide-react';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChoiceCards, type ChoiceCard } from '../../components/choice-cards.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { DropFile } from '../files/drop-file.tsx';
import { modelLine, shownFacts, type FileFacts } from '../files/file-facts.ts';
import { useChooseFile } from '../files/use-choose-file.tsx';
import { fileName } from '../runs/run-title.ts';
import { isDemoModel } from './demo-model.ts';
import { setValue, useDraft } from './draft.ts';
import { withFile } from './with-file.ts';
import styles from './new-run.module.css';

const words = texts.newRun.model;
const choose = (reference: string): void => setValue('model', reference);

export function ModelStep() {
  const about = useCall('host.about', {});
  const shelf = useCall('models.list', {});
  const model = useDraft(({ config }) => config.model) ?? null;
  const { chooseFile, dialog } = useChooseFile();
  const browse = async (): Promise<void> => {
    const path = await chooseFile('model');
    if (path !== null) choose(path);
  };
  return (
    <>
      <DropFile onDrop={choose}>
        <Panel title={words.choose}>
          <div className={styles['part']}>
            <Loaded query={about}>
              {({ demo }) => (
                <Loaded query={shelf}>
                  {({ items }) => {
                    const known: ChoiceCard<string>[] = [
                      ...(demo.config.model === undefined
                        ? []
                        : [{ id: demo.config.model, title: fileName(demo.config.model), mark: <Badge>{words.demo}</Badge>, text: words.demoText }]),
                      ...items.map(({ name, facts }) => ({ id: name, title: name, mark: <Badge>{words.shelf}</Badge>, text: modelLine(facts) })),
                    ];
                    // A file that is on the shelf as well is that of the shelf.
                    const kept = items.find(({ name, path }) => name === model || path === model)?.name;
                    const shown = kept ?? (model !== null && isDemoModel(model, demo.config.model) ? (demo.config.model ?? null) : model);
                    return <ChoiceCards label={words.choose} hideLabel minWidth={300} cards={withFile(known, shown)} value={shown} onChange={choose} />;
                  }}
                </Loaded>
              )}
            </Loaded>
            <div className={styles['browse']}>
              <Button onPress={() => void browse()}>
                <FolderOpen aria-hidden />
                {words.file}
              </Button>
              <span className="muted">{words.fileText}</span>
            </div>
          </div>
        </Panel>
      </DropFile>
      {model !== null && <ModelFacts key={model} model={model} />}
      {dialog}
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
