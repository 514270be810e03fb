/** The field of one setting: by its kind, with what follows from it, what is wrong with it, and the way back to its default. */
import { RotateCcw } from 'lucide-react';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { DecimalField } from '../../components/decimal-field.tsx';
import { SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { WrittenField } from '../../components/written-field.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import { valueAt, type ConfigPath } from './config-path.ts';
import { setValue, useDraft } from './draft.ts';
import { formatModules, readLines, readModules, shownDefault } from './knob-text.ts';
import { defaultAt, fileKnobs, knobKind } from './knobs.ts';
import { useProblems } from './use-problems.ts';
import styles from './knob-field.module.css';

const words = texts.newRun.recipe;

export function KnobField({ path }: { readonly path: ConfigPath }) {
  const written = useDraft(({ config }) => valueAt(config, path));
  const about = useCall('host.about', {});
  const standard = defaultAt(path, about.data?.cpu.cores ?? 1);
  const label = texts.knobs[path]?.label ?? path;
  return (
    <div className={written === undefined ? styles['knob'] : `${styles['knob']} ${styles['changed']}`}>
      <Control path={path} value={written === undefined ? standard : written} standard={standard} />
      {written !== undefined && (
        <div className={styles['reset']}>
          <Button small look="quiet" onPress={() => setValue(path, undefined)} aria-label={words.reset(label, shownDefault(standard))}>
            <RotateCcw aria-hidden />
            <span>{words.default(shownDefault(standard))}</span>
          </Button>
        </div>
      )}
    </div>
  );
}

interface ControlProps {
  readonly path: ConfigPath;
  readonly value: unknown;
  readonly standard: unknown;
}

// The values are of the kind that the schema of the key says; what is not, the schema refuses beside the field.
function Control({ path, value, standard }: ControlProps) {
  const problem = useProblems().get(path) ?? null;
  const { label = path, help = '' } = texts.knobs[path] ?? {};
  const named = { label, help, problem };
  const change = (next: unknown): void => setValue(path, next);
  const kind = knobKind(path);
  switch (kind.kind) {
    case 'number':
      return (
        <DecimalField {...named} value={value as number | string | null} onChange={(next) => change(next ?? undefined)} placeholder={shownDefault(standard)} />
      );
    case 'switch':
      return <SwitchField label={label} help={help} value={value === true} onChange={change} />;
    case 'choice':
      return <SelectField {...named} value={String(value)} onChange={change} choices={kind.choices.map((id) => ({ id, label: id }))} />;
    case 'modules':
      return <WrittenField {...named} value={value} onChange={change} format={formatModules} read={readModules} />;
    case 'lines':
      return <WrittenField {...named} rows={4} value={value as readonly string[]} onChange={change} format={(lines) => lines.join('\n')} read={readLines} />;
    case 'file':
      return (
        <FileField
          {...named}
          kind={fileKnobs[path as keyof typeof fileKnobs]}
          value={typeof value === 'string' ? value : ''}
          onChange={(file) => change(file === '' ? undefined : file)}
          placeholder={shownDefault(standard)}
        />
      );
    case 'text':
      return <TextField {...named} value={String(value)} onChange={change} />;
  }
}
