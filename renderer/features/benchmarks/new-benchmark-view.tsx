/** New benchmark: which models, on what, how; and its start. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button } from '../../components/button.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath } from './benchmark-paths.ts';
import { runList } from './entry-lists.ts';
import { blankRequest, checkRequest, draftOf, requestInWords, type CheckedRequest, type RequestDraft } from './request-draft.ts';
import { SettingsFields } from './settings-fields.tsx';
import { SubjectsField } from './subjects-field.tsx';
import { TasksField } from './tasks-field.tsx';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.new;

/** `?from=RUN` begins with what that one was asked for, `?models=…` and `?adapter=…` with those. */
export function View() {
  const [params] = useSearchParams();
  const from = params.get('from');
  if (from !== null) return <FromRun key={from} run={from} />;
  const models = (params.get('models') ?? '').split(',').filter((each) => each !== '');
  return <Draft key={params.toString()} first={{ ...blankRequest, models, adapter: params.get('adapter') }} />;
}

function FromRun({ run }: { readonly run: string }) {
  const details = useCall('benchmarks.get', { run });
  return (
    <LoadedEntry query={details} name={run} list={runList}>
      {({ request }) => <Draft first={draftOf(request)} />}
    </LoadedEntry>
  );
}

function Draft({ first }: { readonly first: RequestDraft }) {
  const [draft, setDraft] = useState(first);
  const change = (part: Partial<RequestDraft>): void => setDraft((before) => ({ ...before, ...part }));
  const checked = checkRequest(draft);
  return (
    <Page title={words.title} above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>}>
      <Panel title={words.subjects}>
        <SubjectsField value={draft.models} onChange={(models) => change({ models: [...models] })} />
      </Panel>
      <Panel title={words.tasks}>
        <TasksField value={draft.benchmarks} onChange={(tasks) => change({ benchmarks: [...tasks] })} hasOwnFolder={(draft.data_folder ?? null) !== null} />
      </Panel>
      <Panel title={words.settings}>
        <SettingsFields draft={draft} problems={checked.problems} onChange={change} />
      </Panel>
      <Start checked={checked} />
    </Page>
  );
}

function Start({ checked: { request, problems } }: { readonly checked: CheckedRequest }) {
  const navigate = useNavigate();
  const start = useAct('benchmarks.start');
  const begin = (): void => {
    if (request !== null) start.mutate(request, { onSuccess: ({ run }) => void navigate(benchmarkRunPath(run)) });
  };
  const missing = [problems.has('models') && words.noSubjects, problems.has('benchmarks') && words.noTasks].filter((each) => each !== false);
  return (
    <Panel title={words.check}>
      <div className={styles['stack']}>
        {request !== null ? <p>{requestInWords(request)}</p> : <p className="muted">{missing.length > 0 ? missing.join(' ') : words.wrong}</p>}
        {start.error !== null && <Failure error={start.error} />}
        <div className={styles['buttons']}>
          <Button look="primary" onPress={begin} isDisabled={request === null} isPending={start.isPending}>
            {words.begin}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
