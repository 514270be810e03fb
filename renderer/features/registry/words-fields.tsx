/** The fields about a new version: what it is called, its number, its words. */
import { useState } from 'react';
import { ModelName } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { ComboField } from '../../components/combo-field.tsx';
import { SelectField, TextField, type Choice } from '../../components/field.tsx';
import { FormRow } from '../../components/form.tsx';
import { texts } from '../../texts/texts.ts';
import { MetadataField } from './metadata-field.tsx';
import type { Problems, WordsDraft } from './words-draft.ts';

const words = texts.registry.words;

interface WordsFieldsProps {
  readonly draft: WordsDraft;
  readonly onChange: (draft: WordsDraft) => void;
  readonly problems: Problems;
  /** Names to propose before those that the registry knows. */
  readonly proposals?: readonly string[];
  readonly autoFocus?: boolean;
}

export function WordsFields({ draft, onChange, problems, proposals = [], autoFocus = false }: WordsFieldsProps) {
  const known = useCall('registry.list', { limit: 1_000 });
  const names = new Set([...proposals, ...(known.data?.versions ?? []).map(({ name }) => name)].filter((name) => name !== ''));
  const put = (part: Partial<WordsDraft>): void => onChange({ ...draft, ...part });
  return (
    <>
      <FormRow>
        <ComboField
          label={words.name}
          value={draft.name}
          // Numbers belong to a name.
          onChange={(name) => name !== draft.name && put({ name, version: '' })}
          proposals={[...names]}
          help={words.nameHelp}
          problem={problems.name ?? null}
          autoFocus={autoFocus}
        />
        <VersionField name={draft.name.trim()} value={draft.version} onChange={(version) => put({ version })} problem={problems.version ?? null} />
      </FormRow>
      <TextField
        label={words.description}
        help={words.descriptionHelp}
        rows={3}
        value={draft.description}
        onChange={(description) => put({ description })}
        problem={problems.description ?? null}
      />
      <TextField label={words.tags} help={words.tagsHelp} value={draft.tags} onChange={(tags) => put({ tags })} problem={problems.tags ?? null} />
      <MetadataField rows={draft.metadata} onChange={(metadata) => put({ metadata })} problem={problems.metadata ?? null} />
    </>
  );
}

const changes = ['patch', 'minor', 'major'] as const;
type Change = (typeof changes)[number];

interface VersionFieldProps {
  readonly name: string;
  /** Empty: the next patch. */
  readonly value: string;
  readonly onChange: (version: string) => void;
  readonly problem: string | null;
}

function VersionField({ name, value, onChange, problem }: VersionFieldProps) {
  const [isOwn, setOwn] = useState(false);
  const next = useNext(name);
  const isFirst = next.patch !== undefined && next.patch === next.major;
  const proposed = (isFirst ? (['patch'] as const) : changes).flatMap((change): Choice<string>[] => {
    const version = next[change];
    return version === undefined ? [] : [{ id: version, label: isFirst ? words.first(version) : words[change](version) }];
  });
  if (isOwn) return <TextField label={words.number} help={words.numberHelp} value={value} onChange={onChange} problem={problem} autoFocus />;
  const choose = (id: string): void => {
    setOwn(id === own);
    onChange(id === own ? '' : id);
  };
  return (
    <SelectField
      label={words.version}
      value={proposed.some(({ id }) => id === value) ? value : (next.patch ?? null)}
      onChange={choose}
      choices={[...proposed, { id: own, label: words.own }]}
      placeholder={words.versionNeedsName}
      isDisabled={next.patch === undefined}
      problem={problem}
    />
  );
}

const own = 'own';

/** What comes after the highest of a name; nothing until there is a name and all three are known: of the first version they are one. */
function useNext(name: string): Partial<Record<Change, string>> {
  const enabled = ModelName.safeParse(name).success;
  const patch = useCall('registry.next', { name, change: 'patch' }, { enabled });
  const minor = useCall('registry.next', { name, change: 'minor' }, { enabled });
  const major = useCall('registry.next', { name, change: 'major' }, { enabled });
  if (!enabled || patch.data === undefined || minor.data === undefined || major.data === undefined) return {};
  return { patch: patch.data.version, minor: minor.data.version, major: major.data.version };
}
