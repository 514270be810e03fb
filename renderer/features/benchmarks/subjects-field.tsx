/** Which models and versions are scored: chosen among those that are known, or written. */
import { useState } from 'react';
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import { parseDeployed } from '../../../shared/domain/deployed-name.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { CheckCards, type CheckCard } from '../../components/check-cards.tsx';
import { SearchField, TextField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { modelLine } from '../files/file-facts.ts';
import { fileName } from '../runs/run-title.ts';
import { missingBases, subjectsOf, type Subject } from './subjects.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.new;
const noTargets: readonly KnownTarget[] = [];
/** Fewer are found by looking. */
const searchedFrom = 10;

interface SubjectsFieldProps {
  readonly value: readonly string[];
  readonly onChange: (models: readonly string[]) => void;
}

export function SubjectsField({ value, onChange }: SubjectsFieldProps) {
  const about = useCall('host.about', {});
  const shelf = useCall('models.list', {});
  const registry = useCall('registry.list', { limit: 1_000 });
  const targets = useCall('targets.list', {}).data?.targets ?? noTargets;
  return (
    <Loaded query={about}>
      {({ demo }) => (
        <Loaded query={shelf}>
          {({ items }) => (
            <Loaded query={registry}>
              {({ versions }) => {
                const lines = new Map(items.map(({ name, facts }) => [name, modelLine(facts)]));
                const subjects = subjectsOf({ demo: demo.config.model ?? null, models: items, versions, targets }, value);
                return <Chooser subjects={subjects} lines={lines} value={value} onChange={onChange} />;
              }}
            </Loaded>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

interface ChooserProps extends SubjectsFieldProps {
  readonly subjects: readonly Subject[];
  /** What a model of the shelf is, by its name. */
  readonly lines: ReadonlyMap<string, string>;
}

function Chooser({ subjects, lines, value, onChange }: ChooserProps) {
  const [text, setText] = useState('');
  const shown = subjects.filter(({ id }) => value.includes(id) || id.toLowerCase().includes(text.trim().toLowerCase()));
  const cards = shown.map((subject): CheckCard => ({
    id: subject.id,
    title: titleOf(subject.id),
    ...markOf(subject),
    ...textOf(subject, lines),
  }));
  return (
    <div className={styles['stack']}>
      {subjects.length >= searchedFrom && <SearchField label={words.searchSubjects} value={text} onChange={setText} />}
      <CheckCards label={words.subjects} hideLabel minWidth={300} cards={cards} value={value} onChange={onChange} />
      {missingBases(subjects, value).map((base) => (
        <div key={base} className={styles['note']} role="status">
          <span>{words.baseMissing(fileName(base))}</span>
          <Button small onPress={() => onChange([...value, base])}>
            {words.addBase}
          </Button>
        </div>
      ))}
      <Other onAdd={(reference) => onChange([...new Set([...value, reference])])} />
    </div>
  );
}

function titleOf(id: string): string {
  const deployed = parseDeployed(id);
  return deployed === null ? fileName(id) : `${deployed.target}/${deployed.model}`;
}

/** What is known of it; of a file where it lies. */
function textOf({ id, kind, dataset }: Subject, lines: ReadonlyMap<string, string>): Pick<CheckCard, 'text'> {
  if (kind === 'deployed') return { text: words.deployedText };
  const text = lines.get(id) ?? (dataset === null ? id : texts.benchmarks.overview.trainedOn(dataset));
  return text === fileName(id) ? {} : { text };
}

const marks = { demo: words.demo, model: words.shelf, version: words.version, deployed: words.deployed, other: null } as const;
function markOf({ kind }: Subject): Pick<CheckCard, 'mark'> {
  const mark = marks[kind];
  return mark === null ? {} : { mark: <Badge>{mark}</Badge> };
}

function Other({ onAdd }: { readonly onAdd: (reference: string) => void }) {
  const [reference, setReference] = useState('');
  const add = (): void => {
    if (reference.trim() !== '') onAdd(reference.trim());
    setReference('');
  };
  return (
    <Form onSubmit={add}>
      <div className={styles['written']}>
        <TextField label={words.other} help={words.otherHelp} mono value={reference} onChange={setReference} />
        <Button type="submit" isDisabled={reference.trim() === ''}>
          {words.add}
        </Button>
      </div>
    </Form>
  );
}
