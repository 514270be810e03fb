/** The gate: what must hold of a version's scores before it is approved, for every model or for one. */
import { useState } from 'react';
import type { OutputOf } from '../../../shared/contracts/calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { ComboField } from '../../components/combo-field.tsx';
import { DecimalField } from '../../components/decimal-field.tsx';
import { SelectField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { checkGates, writtenGates, type WrittenGates } from './gate-draft.ts';
import styles from './settings.module.css';

const words = texts.gates.settings;
/** No model is called so: names hold no spaces. */
const every = 'every name';

export function GateSection() {
  const [chosen, setChosen] = useState(every);
  const versions = useCall('registry.list', { limit: 1_000 });
  const names = [...new Set((versions.data?.versions ?? []).map(({ name }) => name))].sort();
  const name = chosen === every ? null : chosen;
  const gates = useCall('gates.get', { name });
  return (
    <Panel title={words.title}>
      <div className={styles['stack']}>
        <p className={styles['text']}>{words.text}</p>
        <div className={styles['theme']}>
          <SelectField
            label={words.of}
            value={chosen}
            onChange={setChosen}
            choices={[{ id: every, label: words.everyName }, ...names.map((id) => ({ id, label: id }))]}
          />
        </div>
        <Loaded query={gates}>{(data) => <Rules key={`${chosen} ${JSON.stringify(data)}`} name={name} gates={data.gates} isOwn={data.own} />}</Loaded>
      </div>
    </Panel>
  );
}

interface RulesProps {
  readonly name: string | null;
  readonly gates: OutputOf<'gates.get'>['gates'];
  readonly isOwn: boolean;
}

function Rules({ name, gates, isOwn }: RulesProps) {
  const [draft, setDraft] = useState(writtenGates(gates));
  const set = useAct('gates.set', ['gates.get', 'gates.evaluate']);
  const { gates: checked, problems } = checkGates(draft);
  const save = (): void => {
    if (checked !== null) set.mutate({ name, gates: checked }, { onSuccess: () => sayDone(words.saved) });
  };
  const clear = (): void => set.mutate({ name, gates: null }, { onSuccess: () => sayDone(words.saved) });
  return (
    <Form onSubmit={save}>
      {name !== null && <p className="muted">{isOwn ? words.own : words.inherits}</p>}
      <Fields draft={draft} problems={problems} onChange={(change) => setDraft((before) => ({ ...before, ...change }))} />
      {set.error !== null && <Failure error={set.error} />}
      <div className={styles['row']}>
        <Button type="submit" look="primary" isPending={set.isPending}>
          {words.save}
        </Button>
        {isOwn && <Button onPress={clear}>{name === null ? words.clear : words.drop}</Button>}
      </div>
    </Form>
  );
}

interface FieldsProps {
  readonly draft: WrittenGates;
  readonly problems: ReadonlyMap<string, string>;
  readonly onChange: (change: Partial<WrittenGates>) => void;
}

const shares = [
  ['min_accuracy', words.minAccuracy, words.minAccuracyHelp],
  ['min_gain', words.minGain, words.minGainHelp],
  ['max_regression', words.maxRegression, words.maxRegressionHelp],
  ['significance', words.significance, words.significanceHelp],
] as const;

function Fields({ draft, problems, onChange }: FieldsProps) {
  const tasks = useCall('benchmarks.tasks', {});
  return (
    <div className={styles['fields']}>
      <ComboField
        label={words.benchmark}
        help={words.benchmarkHelp}
        value={draft.benchmark}
        onChange={(benchmark) => onChange({ benchmark })}
        proposals={(tasks.data?.tasks ?? []).map((task) => task.name)}
        problem={problems.get('benchmark') ?? null}
      />
      {shares.map(([field, label, help]) => (
        <DecimalField
          key={field}
          label={label}
          help={help}
          placeholder={words.unset}
          value={draft[field]}
          onChange={(value) => onChange({ [field]: value })}
          problem={problems.get(field) ?? null}
        />
      ))}
    </div>
  );
}
