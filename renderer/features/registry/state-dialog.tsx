/** Moves a version on or back where nobody has to answer for it; a reason may be given. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import type { VersionState } from '../../../shared/domain/version-state.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';

const words = texts.registry.version;
type Target = Exclude<VersionState, 'approved'>;

const sayings: Readonly<Record<Target, { readonly title: string; readonly text: string; readonly submit: string }>> = {
  candidate: { title: words.proposeTitle, text: words.proposeText, submit: words.proposeDo },
  draft: { title: words.backTitle, text: words.backText, submit: words.backDo },
  retired: { title: words.retireTitle, text: words.retireText, submit: words.retireDo },
};

interface StateDialogProps {
  readonly version: VersionDetails;
  readonly state: Target;
  readonly onClose: () => void;
}

export function StateDialog({ version, state, onClose }: StateDialogProps) {
  const setState = useAct('registry.setState');
  const [reason, setReason] = useState('');
  const { title, text, submit } = sayings[state];
  const onSuccess = (): void => {
    sayDone(words.stateDone(versionText(version), texts.versionStates[state]));
    onClose();
  };
  return (
    <FormDialog
      title={title}
      submit={submit}
      danger={state === 'retired'}
      onClose={onClose}
      onSubmit={() => setState.mutate({ name: version.name, version: version.version, state, reason: reason.trim() === '' ? null : reason }, { onSuccess })}
      isPending={setState.isPending}
      error={setState.error}
    >
      <p>{text}</p>
      <TextField label={words.reason} help={words.reasonOptional} value={reason} onChange={setReason} autoFocus />
    </FormDialog>
  );
}
