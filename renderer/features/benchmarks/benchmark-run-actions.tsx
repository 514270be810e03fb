/** What can be done with a benchmark run in the state it is in. */
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { Ellipsis } from 'lucide-react';
import type { BenchmarkRunDetails } from '../../../shared/contracts/benchmark-calls.ts';
import { benchmarkIsActive } from '../../../shared/domain/benchmark-run.ts';
import { useAct, useCore } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Confirm } from '../../components/dialog.tsx';
import { Menu, type MenuAction } from '../../components/menu.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { comparisonPath, newBenchmarkPath } from './benchmark-paths.ts';
import { isDone } from './score-matrix.ts';

const words = texts.benchmarks.run;

export function BenchmarkRunActions({ details }: { readonly details: BenchmarkRunDetails }) {
  const { run, state } = details;
  const [asking, ask] = useState<'stop' | 'remove' | null>(null);
  const resume = useAct('benchmarks.resume');
  const stop = useAct('benchmarks.stop');
  const done = details.scores.filter(isDone);
  const canBeCompared = done.some(({ task, score }) => done.some((other) => other.task === task && other.score !== score));
  return (
    <>
      {benchmarkIsActive(state) && <Button onPress={() => ask('stop')}>{words.stop}</Button>}
      {!benchmarkIsActive(state) && state !== 'done' && (
        <Button look="primary" onPress={() => resume.mutate({ run }, { onError: sayFailed })} isPending={resume.isPending}>
          {words.resume}
        </Button>
      )}
      {canBeCompared && (
        <LinkButton {...(state === 'done' && { look: 'primary' as const })} to={comparisonPath(done.map(({ score }) => score))}>
          {words.compare}
        </LinkButton>
      )}
      <More details={details} onRemove={() => ask('remove')} />
      <Confirm
        isOpen={asking === 'stop'}
        danger
        title={words.stopTitle}
        confirm={words.stop}
        onClose={() => ask(null)}
        onConfirm={() => stop.mutate({ run }, { onError: sayFailed })}
      >
        <p>{words.stopText}</p>
      </Confirm>
      <RemoveDialog run={run} isOpen={asking === 'remove'} onClose={() => ask(null)} />
    </>
  );
}

function More({ details: { run, state, dir }, onRemove }: { readonly details: BenchmarkRunDetails; readonly onRemove: () => void }) {
  const navigate = useNavigate();
  const { shell } = useCore();
  const actions: readonly MenuAction[] = [
    { id: 'again', label: words.again, act: () => void navigate(newBenchmarkPath({ from: run })) },
    ...(shell === null ? [] : [{ id: 'folder', label: texts.actions.showInFolder, act: () => void shell.showInFolder(dir) }]),
    { id: 'remove', label: words.remove, danger: true, disabled: benchmarkIsActive(state), act: onRemove },
  ];
  return (
    <Menu label={texts.actions.more} actions={actions}>
      <Ellipsis aria-hidden />
    </Menu>
  );
}

function RemoveDialog({ run, ...dialog }: { readonly run: string; readonly isOpen: boolean; readonly onClose: () => void }) {
  const remove = useAct('benchmarks.remove');
  const navigate = useNavigate();
  const onSuccess = (): void => {
    sayDone(words.removed);
    void navigate('/benchmarks');
  };
  return (
    <Confirm {...dialog} danger title={words.removeTitle} confirm={words.removeDo} onConfirm={() => remove.mutate({ run }, { onError: sayFailed, onSuccess })}>
      <p>{words.removeText}</p>
    </Confirm>
  );
}
