/** What the run is called, where it stands in the queue, what becomes of it; and its start. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { StartRun } from '../../../shared/contracts/run-calls.ts';
import { ModelName } from '../../../shared/domain/version.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { DecimalField } from '../../components/decimal-field.tsx';
import { SwitchField, TextField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { problemIn } from './draft-problems.ts';
import { setDraft, startOver, useDraft } from './draft.ts';
import { useChosenNames } from './use-chosen-names.ts';
import { versionNameFor } from './version-name.ts';
import styles from './new-run.module.css';

const words = texts.newRun.check;

export function StartPart({ canStart }: { readonly canStart: boolean }) {
  const draft = useDraft();
  const { config, name, priority, versionName } = draft;
  const priorityProblem = problemIn(StartRun.shape.priority, priority);
  const nameProblem = name.trim() === '' ? null : problemIn(StartRun.shape.name, name.trim());
  const versionProblem = versionName === null ? null : problemIn(ModelName, versionName);
  const isSound = priorityProblem === null && nameProblem === null && versionProblem === null;
  const start = useAct('runs.start');
  const navigate = useNavigate();
  const begin = (): void =>
    start.mutate(
      {
        config,
        name: name.trim() === '' ? null : name.trim(),
        priority: Number(priority),
        register: versionName === null ? null : { name: versionName },
      },
      {
        onSuccess: ({ run }) => {
          startOver();
          void navigate(`/runs/${run}`);
        },
      },
    );
  return (
    <Panel title={words.startTitle}>
      <div className={styles['part']}>
        <div className={styles['knobs']}>
          <TextField label={words.name} help={words.nameHelp} problem={nameProblem} value={name} onChange={(text) => setDraft({ name: text })} />
          <DecimalField
            label={words.priority}
            help={words.priorityHelp}
            problem={priorityProblem}
            value={priority}
            onChange={(value) => setDraft({ priority: value ?? 0 })}
          />
          <VersionPart problem={versionProblem} />
        </div>
        {start.error !== null && <Failure error={start.error} />}
        <div className={styles['action']}>
          <Button look="primary" onPress={begin} isDisabled={!canStart || !isSound || start.isPending}>
            {words.start}
          </Button>
          {!canStart && <span className="muted">{words.notYet}</span>}
        </div>
      </div>
    </Panel>
  );
}

function VersionPart({ problem }: { readonly problem: string | null }) {
  const { name, versionName } = useDraft();
  const rows = useChosenNames().data ?? '';
  // What was written before it was switched off is there when it is switched on again.
  const [last, setLast] = useState<string | null>(null);
  const next = useCall('registry.next', { name: versionName ?? '' }, { enabled: versionName !== null && problem === null });
  const write = (text: string): void => {
    setLast(text);
    setDraft({ versionName: text });
  };
  return (
    <div className={styles['part']}>
      <SwitchField
        label={words.register}
        help={words.registerHelp}
        value={versionName !== null}
        onChange={(isOn) => setDraft({ versionName: isOn ? (last ?? versionNameFor(name, rows)) : null })}
      />
      {versionName !== null && (
        <TextField
          label={words.versionName}
          problem={problem}
          value={versionName}
          onChange={write}
          {...(next.data !== undefined && { help: words.versionNext(`${next.data.name}@${next.data.version}`) })}
        />
      )}
    </div>
  );
}
