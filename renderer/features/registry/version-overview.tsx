/** The first look at a version: what it does, how well, what it is. */
import { stringify } from 'yaml';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { LinkButton } from '../../components/button.tsx';
import { Code } from '../../components/code.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { newBenchmarkPath } from '../benchmarks/benchmark-paths.ts';
import { VersionScores } from '../benchmarks/version-scores.tsx';
import { EvaluationText } from './evaluation-panel.tsx';
import { textOf } from './metadata-rows.ts';
import { trainingFacts, VersionFacts } from './version-facts.tsx';
import styles from './registry.module.css';

const words = texts.registry.overview;

export function VersionOverview({ version }: { readonly version: VersionDetails }) {
  const { metadata, parameters, evaluation } = version.record;
  const notes = Object.entries(metadata);
  const figures = trainingFacts(version.record);
  return (
    <div className={styles['columns']}>
      <div className={styles['column']}>
        <Panel title={texts.registry.evaluation.title}>
          <div className={styles['column']}>
            <EvaluationText evaluation={evaluation} />
          </div>
        </Panel>
        <Panel
          title={texts.benchmarks.title}
          actions={
            version.kind !== 'note' && (
              <LinkButton look="quiet" small to={newBenchmarkPath({ models: [versionText(version)] })}>
                {texts.benchmarks.version.start}
              </LinkButton>
            )
          }
        >
          <VersionScores version={version} />
        </Panel>
        {figures.length > 0 && (
          <Panel title={words.figures}>
            <Facts facts={figures} />
          </Panel>
        )}
        {Object.keys(parameters).length > 0 && (
          <Panel title={words.parameters}>
            <Code label={words.parameters}>{stringify(parameters)}</Code>
          </Panel>
        )}
      </div>
      <div className={styles['column']}>
        <Panel title={words.facts}>
          <VersionFacts version={version} />
        </Panel>
        {notes.length > 0 && (
          <Panel title={words.notes}>
            <Facts wide facts={notes.map(([name, value]) => ({ name, value: textOf(value) }))} />
          </Panel>
        )}
      </div>
    </div>
  );
}
