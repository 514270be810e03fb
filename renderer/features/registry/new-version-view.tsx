/** Makes a version of a run that is done. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { formatNumber } from '../../../shared/text/format.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { RunBadge } from '../../components/badge.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Facts } from '../../components/facts.tsx';
import { SelectField } from '../../components/field.tsx';
import { Form } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { fileName, runTitle } from '../runs/run-title.ts';
import { elsewhere, takenProblem } from './registration-errors.ts';
import { versionPath } from './version-path.ts';
import { checkWords, emptyDraft, proposedNames, type Problems } from './words-draft.ts';
import { WordsFields } from './words-fields.tsx';
import styles from './registry.module.css';

const words = texts.registry.new;

export function View() {
  const [params, setParams] = useSearchParams();
  const run = params.get('run');
  const runs = useCall('runs.list', { state: ['done'], limit: 200 });
  return (
    <Page title={words.title} above={<Link href="/registry">{texts.registry.title}</Link>}>
      <Loaded query={runs}>
        {({ runs: done }) =>
          done.length === 0 && run === null ? (
            <Empty title={words.noRun} action={<LinkButton to="/runs/new">{words.newRun}</LinkButton>}>
              {words.noRunText}
            </Empty>
          ) : (
            <div className={styles['narrow']}>
              <SelectField
                label={words.run}
                placeholder={words.chooseRun}
                value={run}
                onChange={(id) => setParams({ run: id }, { replace: true })}
                choices={done.map((each) => ({ id: each.run, label: runTitle(each) }))}
              />
              {run !== null && <OfRun key={run} run={run} />}
            </div>
          )
        }
      </Loaded>
    </Page>
  );
}

function OfRun({ run }: { readonly run: string }) {
  const details = useCall('runs.get', { run });
  return <Loaded query={details}>{(data) => <NewVersion run={data} />}</Loaded>;
}

function NewVersion({ run }: { readonly run: RunDetails }) {
  const navigate = useNavigate();
  const register = useAct('registry.register');
  const proposals = proposedNames(run);
  const [draft, setDraft] = useState({ ...emptyDraft, name: proposals[0] ?? '' });
  const [problems, setProblems] = useState<Problems>({});
  const submit = (): void => {
    const checked = checkWords(draft);
    setProblems('problems' in checked ? checked.problems : {});
    if (!('words' in checked)) return;
    register.mutate(
      { ...checked.words, run: run.run },
      {
        onSuccess: (version) => {
          sayDone(words.done(versionText(version)));
          void navigate(versionPath(version));
        },
      },
    );
  };
  const error = elsewhere(register.error);
  return (
    <>
      <Panel title={words.about}>
        <RunFacts run={run} />
      </Panel>
      <Form onSubmit={submit}>
        <WordsFields draft={draft} onChange={setDraft} problems={{ ...problems, ...takenProblem(register.error) }} proposals={proposals} autoFocus />
        {error !== null && <Failure error={error} />}
        <div className={styles['start']}>
          <Button type="submit" look="primary" isPending={register.isPending}>
            {words.submit}
          </Button>
        </div>
      </Form>
    </>
  );
}

const RunFacts = ({ run }: { readonly run: RunDetails }) => (
  <Facts
    facts={[
      { name: words.run, value: <Link href={`/runs/${run.run}`}>{runTitle(run)}</Link> },
      { name: texts.registry.columns.state, value: <RunBadge state={run.state} /> },
      { name: texts.registry.overview.base, value: fileName(run.model) },
      { name: texts.registry.overview.data, value: fileName(run.data) },
      { name: texts.runs.columns.loss, value: run.loss === null ? null : formatNumber(run.loss) },
      { name: texts.runs.columns.evalLoss, value: run.eval_loss === null ? null : formatNumber(run.eval_loss) },
    ]}
  />
);
