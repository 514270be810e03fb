/** Lets a version out: first what speaks for and against it, then the reason of whoever answers for it. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { registryCalls } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { Evidence } from './evidence.tsx';

const words = texts.registry.version;

export function ApproveDialog({ version, onClose }: { readonly version: VersionDetails; readonly onClose: () => void }) {
  const setState = useAct('registry.setState');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const submit = (): void => {
    const { name, version: number } = version;
    const checked = registryCalls['registry.setState'].input.safeParse({ name, version: number, state: 'approved', reason });
    setProblem(checked.success ? null : reason.trim() === '' ? words.reasonMissing : (checked.error.issues[0]?.message ?? ''));
    if (!checked.success) return;
    const onSuccess = (): void => {
      sayDone(words.stateDone(versionText(version), texts.versionStates.approved));
      onClose();
    };
    setState.mutate(checked.data, { onSuccess });
  };
  return (
    <FormDialog
      wide
      title={words.approveTitle(versionText(version))}
      submit={words.approveDo}
      onClose={onClose}
      onSubmit={submit}
      isPending={setState.isPending}
      error={setState.error}
    >
      <Evidence version={version} />
      <TextField label={words.approveReason} help={words.approveReasonHelp} rows={2} value={reason} onChange={setReason} problem={problem} />
      <p className="muted">{words.approveText}</p>
    </FormDialog>
  );
}
