/** What the run is scored on: a share of the rows, or a file of its own. */
import { useState } from 'react';
import { dataDefaults } from '../../../shared/domain/data-config.ts';
import { SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import { setValue, useDraft } from './draft.ts';
import { KnobField } from './knob-field.tsx';
import { useProblems } from './use-problems.ts';
import styles from './new-run.module.css';

const words = texts.newRun.data;
const choices = [
  { id: 'share', label: words.heldBack },
  { id: 'file', label: words.ownFile },
] as const;

export function EvaluationPart() {
  const path = useDraft(({ config }) => config.data?.eval_path) ?? dataDefaults.eval_path;
  const [by, setBy] = useState<'share' | 'file'>(path === null ? 'share' : 'file');
  const problems = useProblems();
  const choose = (way: 'share' | 'file'): void => {
    setBy(way);
    if (way === 'share') setValue('data.eval_path', undefined);
  };
  return (
    <Panel title={words.evaluation}>
      <div className={styles['part']}>
        <SelectField label={words.evaluationBy} value={by} onChange={choose} choices={choices} />
        {by === 'share' ? (
          <KnobField path="data.holdout_fraction" />
        ) : (
          <FileField
            kind="data"
            label={texts.knobs['data.eval_path']?.label ?? ''}
            help={texts.knobs['data.eval_path']?.help ?? ''}
            problem={problems.get('data.eval_path') ?? null}
            value={path ?? ''}
            onChange={(file) => setValue('data.eval_path', file === '' ? undefined : file)}
          />
        )}
      </div>
    </Panel>
  );
}
