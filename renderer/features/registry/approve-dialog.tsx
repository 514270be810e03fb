/** Lets a version out: first what speaks for and against it, then the reason of whoever answers for it. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { registryCalls } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Loaded } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { Evidence } from './evidence.tsx';
import { GatePart } from './gate-part.tsx';

const words = texts.registry.version;

export function ApproveDialog({ version, onClose }: { readonly version: VersionDetails; readonly onClose: () => void }) {
  const setState = useAct('registry.setState');
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const gate = useCall('gates.evaluate', { name: version.name, version: version.version });
  const isAgainst = gate.data !== undefined && gate.data.verdict !== null && gate.data.verdict !== 'pass';
  const submit = (): void => {
    const { name, version: number } = version;
    const checked = registryCalls['registry.setState'].input.safeParse({ name, version: number, state: 'approved', reason, against_gate: isAgainst });
    setProblem(
      checked.success ? null : reason.trim() === '' ? (isAgainst ? texts.gates.againstMissing : words.reasonMissing) : (checked.error.issues[0]?.message ?? ''),
    );
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
      submit={isAgainst ? texts.gates.approveAnyway : words.approveDo}
      danger={isAgainst}
      onClose={onClose}
      onSubmit={submit}
      isPending={setState.isPending}
      error={setState.error}
    >
      <Evidence version={version} gate={<Loaded query={gate}>{(verdict) => <GatePart verdict={verdict} />}</Loaded>} />
      <TextField
        label={isAgainst ? texts.gates.against : words.approveReason}
        help={isAgainst ? texts.gates.againstHelp : words.approveReasonHelp}
        rows={2}
        value={reason}
        onChange={setReason}
        problem={problem}
      />
      <p className="muted">{words.approveText}</p>
    </FormDialog>
  );
}
