/** Takes an adapter from elsewhere into the registry. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { versionText } from '../../../shared/domain/version.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { ComboField } from '../../components/combo-field.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import { fileName } from '../runs/run-title.ts';
import { elsewhere, takenProblem } from './registration-errors.ts';
import { versionPath } from './version-path.ts';
import { checkWords, emptyDraft, nameFrom, type Problems } from './words-draft.ts';
import { WordsFields } from './words-fields.tsx';

const words = texts.registry.import;
const embedded = 'lathe-base';

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const models = useCall('models.list', {});
  const importing = useAct('registry.import');
  const [path, setPath] = useState('');
  const [base, setBase] = useState('');
  const [draft, setDraft] = useState(emptyDraft);
  const [problems, setProblems] = useState<Problems & { readonly path?: string }>({});
  const submit = (): void => {
    const checked = checkWords(draft);
    const missing = path.trim() === '' ? { path: words.pathMissing } : {};
    setProblems({ ...missing, ...('problems' in checked && checked.problems) });
    if (!('words' in checked) || path.trim() === '') return;
    importing.mutate(
      { ...checked.words, path: path.trim(), model: base.trim() === '' ? null : base.trim() },
      {
        onSuccess: (version) => {
          sayDone(words.done(versionText(version)));
          void navigate(versionPath(version));
        },
      },
    );
  };
  return (
    <FormDialog
      wide
      title={words.title}
      submit={words.submit}
      onClose={onClose}
      onSubmit={submit}
      isPending={importing.isPending}
      error={elsewhere(importing.error)}
    >
      <FileField label={words.path} help={words.pathHelp} value={path} onChange={setPath} problem={problems.path ?? null} kind="adapter" />
      <ComboField
        label={words.base}
        help={words.baseHelp}
        value={base}
        onChange={setBase}
        proposals={[embedded, ...(models.data?.items ?? []).map(({ name }) => name)]}
      />
      <WordsFields
        draft={draft}
        onChange={setDraft}
        problems={{ ...problems, ...takenProblem(importing.error) }}
        proposals={[nameFrom(fileName(path).replace(/\.gguf$/i, ''))]}
      />
    </FormDialog>
  );
}
