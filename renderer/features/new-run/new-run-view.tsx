/** New run: from a model and rows over a recipe to a start. What is written is kept until it is started. */
import { useEffect } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import type { TrainingConfigInput } from '../../../shared/domain/training-config.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Loaded, Loading } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { CheckStep } from './check-step.tsx';
import { withValue } from './config-path.ts';
import { DataStep } from './data-step.tsx';
import { setConfig, setDraft, startOver, useDraft } from './draft.ts';
import { inputOfRun } from './input-of-run.ts';
import { ModelStep } from './model-step.tsx';
import { RecipeStep } from './recipe-step.tsx';
import { StepBar, type StepStanding } from './step-bar.tsx';
import { isStep, stepAfter, stepBefore, troubles, type Step } from './steps.ts';
import { useChosenNames } from './use-chosen-names.ts';
import { useRecipeName } from './use-presets.ts';
import { useRowsAreBroken } from './use-preview.ts';

const words = texts.newRun;
const address = (step: Step): string => `/runs/new?step=${step}`;

/** `?from=RUN`, `?model=…` and `?data=…` are taken over into the draft once, and go. */
export function View() {
  const [params] = useSearchParams();
  const [from, model, data, written] = [params.get('from'), params.get('model'), params.get('data'), params.get('step')];
  const step = isStep(written) ? written : null;
  if (from !== null) return <FromRun run={from} step={step ?? 'check'} />;
  if (model !== null || data !== null) return <With model={model} data={data} />;
  return <Wizard step={step ?? 'model'} />;
}

function FromRun({ run, step }: { readonly run: string; readonly step: Step }) {
  const details = useCall('runs.get', { run });
  const navigate = useNavigate();
  const { data } = details;
  useEffect(() => {
    if (data === undefined) return;
    setDraft({ config: inputOfRun(data.request), name: data.name ?? '', priority: data.priority, versionName: null });
    void navigate(address(step), { replace: true });
  }, [data, step, navigate]);
  return (
    <Page title={words.title}>
      <Loaded query={details}>{() => <Loading />}</Loaded>
    </Page>
  );
}

function With({ model, data }: { readonly model: string | null; readonly data: string | null }) {
  const navigate = useNavigate();
  useEffect(() => {
    setConfig((before) => {
      const config = model === null ? before : withValue(before, 'model', model);
      return data === null ? config : withValue(withValue(config, 'data', undefined), 'data.path', data);
    });
    void navigate(address(firstStepWith(model, data)), { replace: true });
  }, [model, data, navigate]);
  return <Loading />;
}

/** What is given needs no more choosing; rows are looked at once there is a model to look with. */
function firstStepWith(model: string | null, data: string | null): Step {
  if (model !== null) return data === null ? 'data' : 'recipe';
  return useDraft.getState().config.model === undefined ? 'model' : 'data';
}

function Wizard({ step }: { readonly step: Step }) {
  const navigate = useNavigate();
  const config = useDraft((draft) => draft.config);
  const recipe = useRecipeName();
  const names = useChosenNames();
  const areRowsBroken = useRowsAreBroken();
  const go = (to: Step): void => void navigate(address(to));
  const [before, after] = [stepBefore(step), stepAfter(step)];
  return (
    <Page
      title={words.title}
      actions={
        <Button
          onPress={() => {
            startOver();
            go('model');
          }}
        >
          {words.startOver}
        </Button>
      }
    >
      <StepBar
        here={step}
        onGo={go}
        standing={standingOf(config, areRowsBroken)}
        chosen={{
          ...names,
          recipe,
          check: words.check.startTitle,
        }}
      />
      <StepContent step={step} onGo={go} />
      <Toolbar>
        {before !== null && <Button onPress={() => go(before)}>{words.back}</Button>}
        <Toolbar.End>
          {after !== null && (
            <Button look="primary" onPress={() => go(after)}>
              {words.next(words.steps[after])}
            </Button>
          )}
        </Toolbar.End>
      </Toolbar>
    </Page>
  );
}

function StepContent({ step, onGo }: { readonly step: Step; readonly onGo: (step: Step) => void }) {
  switch (step) {
    case 'model':
      return <ModelStep />;
    case 'data':
      return <DataStep />;
    case 'recipe':
      return <RecipeStep />;
    case 'check':
      return <CheckStep onGo={onGo} />;
  }
}

/** What is only missing is open; what is wrong is a problem. */
function standingOf(config: TrainingConfigInput, areRowsBroken: boolean): Readonly<Record<Step, StepStanding>> {
  const wrong = new Set([...troubles(config).map(({ step }) => step), ...(areRowsBroken ? ['data' as const] : [])]);
  const of = (step: Step, isThere: boolean): StepStanding => (!isThere ? 'open' : wrong.has(step) ? 'problem' : 'done');
  return { model: of('model', config.model !== undefined), data: of('data', config.data?.path !== undefined), recipe: of('recipe', true), check: 'open' };
}
