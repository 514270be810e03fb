/** Changes the description and the notes of a version that may still change. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { Description, Metadata } from '../../../shared/domain/version-record.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { texts } from '../../texts/texts.ts';
import { MetadataField } from './metadata-field.tsx';
import { metadataOf, rowsOf } from './metadata-rows.ts';
import { rowsProblem } from './words-draft.ts';

const words = texts.registry;

export function EditDialog({ version, onClose }: { readonly version: VersionDetails; readonly onClose: () => void }) {
  const update = useAct('registry.update');
  const [description, setDescription] = useState(version.record.description);
  const [rows, setRows] = useState(() => rowsOf(version.record.metadata));
  const [problems, setProblems] = useState<{ readonly description: string | null; readonly metadata: string | null }>({ description: null, metadata: null });
  const submit = (): void => {
    const notes = metadataOf(rows);
    const text = Description.safeParse(description);
    const metadata = 'metadata' in notes ? Metadata.safeParse(notes.metadata) : null;
    setProblems({
      description: text.error?.issues[0]?.message ?? null,
      metadata: 'problem' in notes ? rowsProblem(notes.problem) : (metadata?.error?.issues[0]?.message ?? null),
    });
    if (!text.success || metadata?.success !== true) return;
    const { name, version: number } = version;
    update.mutate({ name, version: number, description: text.data, metadata: metadata.data }, { onSuccess: onClose });
  };
  return (
    <FormDialog
      wide
      title={words.version.editTitle}
      submit={texts.actions.save}
      onClose={onClose}
      onSubmit={submit}
      isPending={update.isPending}
      error={update.error}
    >
      <TextField
        label={words.words.description}
        help={words.words.descriptionHelp}
        rows={4}
        value={description}
        onChange={setDescription}
        problem={problems.description}
        autoFocus
      />
      <MetadataField rows={rows} onChange={setRows} problem={problems.metadata} />
    </FormDialog>
  );
}
