/** What can be done with a deployment in the state it is in. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { deploymentIsActive, type DeploymentDetails, type DeploymentState } from '../../../shared/domain/deployment.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { Menu } from '../../components/menu.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { deploymentTitle, previousOf } from './deployment-words.ts';

const words = texts.deploy.page;
const backFrom: readonly DeploymentState[] = ['running', 'waiting', 'done', 'failed'];

export function DeploymentActions({ details }: { readonly details: DeploymentDetails }) {
  const { deployment, state } = details;
  const [asking, ask] = useState<'rollback' | 'abandon' | null>(null);
  const pause = useAct('deployments.pause', ['deployments.get']);
  const close = (): void => ask(null);
  return (
    <>
      {state === 'running' && (
        <Button isPending={pause.isPending} onPress={() => pause.mutate({ deployment }, { onError: sayFailed })}>
          {words.pause}
        </Button>
      )}
      {backFrom.includes(state) && <Button onPress={() => ask('rollback')}>{words.rollback}</Button>}
      {deploymentIsActive(state) && (
        <Menu label={texts.actions.more} actions={[{ id: 'abandon', label: words.abandon, danger: true, act: () => ask('abandon') }]}>
          <Ellipsis aria-hidden />
        </Menu>
      )}
      {asking === 'rollback' && <RollbackDialog details={details} onClose={close} />}
      {asking === 'abandon' && <AbandonDialog details={details} onClose={close} />}
    </>
  );
}

interface AskProps {
  readonly details: DeploymentDetails;
  readonly onClose: () => void;
}

function RollbackDialog({ details, onClose }: AskProps) {
  const rollback = useAct('deployments.rollback', ['deployments.get']);
  return (
    <ReasonDialog
      title={words.rollbackTitle(deploymentTitle(details))}
      text={words.rollbackText(previousOf(details))}
      submit={words.rollbackDo}
      act={rollback}
      onSubmit={(reason) => rollback.mutate({ deployment: details.deployment, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

function AbandonDialog({ details: { deployment }, onClose }: AskProps) {
  const abandon = useAct('deployments.abandon', ['deployments.get']);
  return (
    <ReasonDialog
      title={words.abandonTitle}
      text={words.abandonText}
      submit={words.abandonDo}
      act={abandon}
      onSubmit={(reason) => abandon.mutate({ deployment, reason }, { onSuccess: onClose })}
      onClose={onClose}
    />
  );
}

interface ReasonDialogProps {
  readonly title: string;
  readonly text: string;
  readonly submit: string;
  readonly act: Pick<ReturnType<typeof useAct<'deployments.rollback'>>, 'isPending' | 'error'>;
  readonly onSubmit: (reason: string) => void;
  readonly onClose: () => void;
}

function ReasonDialog({ title, text, submit, act, onSubmit, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [isTried, setTried] = useState(false);
  const send = (): void => {
    setTried(true);
    if (reason.trim() !== '') onSubmit(reason.trim());
  };
  const problem = isTried && reason.trim() === '' ? words.reasonMissing : null;
  return (
    <FormDialog danger title={title} submit={submit} onClose={onClose} onSubmit={send} isPending={act.isPending} error={act.error}>
      <p>{text}</p>
      <TextField label={words.reason} help={words.reasonHelp} value={reason} onChange={setReason} problem={problem} autoFocus />
    </FormDialog>
  );
}
