/** What can be done with a run in the state it is in. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Ellipsis } from 'lucide-react';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { isActive, isEnded } from '../../../shared/domain/run-state.ts';
import { useAct, useCore } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { sayFailed } from '../../components/toast.tsx';
import { newBenchmarkPath } from '../benchmarks/benchmark-paths.ts';
import { tryPath } from '../playground/try-path.ts';
import { texts } from '../../texts/texts.ts';

const words = texts.runs.run;
type Asking = 'stop' | 'remove' | null;

export function RunActions({ details }: { readonly details: RunDetails }) {
  const { run, state } = details;
  const [asking, ask] = useState<Asking>(null);
  const pause = useAct('runs.pause');
  const goOn = useAct('runs.continue');
  const resume = useAct('runs.resume');
  const onError = sayFailed;
  const close = (): void => ask(null);
  return (
    <>
      {state === 'running' && <Button onPress={() => pause.mutate({ run }, { onError })}>{words.pause}</Button>}
      {state === 'paused' && <Button onPress={() => goOn.mutate({ run }, { onError })}>{words.continue}</Button>}
      {(isActive(state) || state === 'queued') && <Button onPress={() => ask('stop')}>{words.stop}</Button>}
      {isEnded(state) && state !== 'done' && (
        <Button look="primary" onPress={() => resume.mutate({ run }, { onError })}>
          {words.resume}
        </Button>
      )}
      {state === 'done' && <RegisterButton details={details} />}
      <More details={details} onRemove={() => ask('remove')} />
      <StopDialog run={run} isOpen={asking === 'stop'} onClose={close} />
      <RemoveDialog run={run} isOpen={asking === 'remove'} onClose={close} />
    </>
  );
}

function RegisterButton({ details }: { readonly details: RunDetails }) {
  const navigate = useNavigate();
  return (
    <Button look="primary" onPress={() => void navigate(`/registry/new?run=${details.run}`)}>
      {words.register}
    </Button>
  );
}

function More({ details, onRemove }: { readonly details: RunDetails; readonly onRemove: () => void }) {
  const navigate = useNavigate();
  const { shell } = useCore();
  const actions: readonly MenuAction[] = [
    ...(details.state === 'done' ? [{ id: 'try', label: texts.playground.try, act: () => void navigate(tryPath(details.run)) }] : []),
    ...(details.state === 'done'
      ? [{ id: 'score', label: texts.benchmarks.version.start, act: () => void navigate(newBenchmarkPath({ models: [details.model], adapter: details.run })) }]
      : []),
    { id: 'duplicate', label: words.duplicate, act: () => void navigate(`/runs/new?from=${details.run}`) },
    ...(shell === null ? [] : [{ id: 'folder', label: texts.actions.showInFolder, act: () => void shell.showInFolder(details.dir) }]),
    { id: 'remove', label: words.remove, danger: true, disabled: isActive(details.state), act: onRemove },
  ];
  return (
    <Menu label={texts.actions.more} actions={actions}>
      <Ellipsis aria-hidden />
    </Menu>
  );
}

interface AskProps {
  readonly run: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

function StopDialog({ run, ...dialog }: AskProps) {
  const stop = useAct('runs.stop');
  const [force, setForce] = useState(false);
  return (
    <Confirm {...dialog} title={words.stopTitle} confirm={words.stop} danger onConfirm={() => stop.mutate({ run, force }, { onError: sayFailed })}>
      <p>{words.stopText}</p>
      <SwitchField label={words.stopForce} value={force} onChange={setForce} />
    </Confirm>
  );
}

function RemoveDialog({ run, ...dialog }: AskProps) {
  const remove = useAct('runs.remove');
  const navigate = useNavigate();
  const confirm = (): void => remove.mutate({ run }, { onError: sayFailed, onSuccess: () => void navigate('/runs') });
  return (
    <Confirm {...dialog} title={words.removeTitle} confirm={words.remove} danger onConfirm={confirm}>
      <p>{words.removeText}</p>
    </Confirm>
  );
}
