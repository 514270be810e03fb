/** A target is made or changed: this machine, or LocalAI servers. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { environments, type Target } from '../../../shared/domain/target.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { NumberField, SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { Form, FormRow } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { LocalAiFields } from './localai-fields.tsx';
import { draftOfTarget, emptyTarget, readTarget, type DraftProps, type TargetDraft } from './target-draft.ts';
import styles from './deploy.module.css';

const words = texts.deploy.form;

export function View() {
  const { target: name } = useParams();
  const [params] = useSearchParams();
  const targets = useCall('targets.list', {}, { enabled: name !== undefined });
  const kind = params.get('kind') === 'localai' ? 'localai' : 'embedded';
  if (name === undefined) return <TargetForm first={emptyTarget(kind)} known={null} />;
  return (
    <Loaded query={targets}>
      {({ targets: all }) => {
        const known = all.find(({ target }) => target.name === name);
        return known === undefined ? <Unknown /> : <TargetForm first={draftOfTarget(known.target)} known={known.target} />;
      }}
    </Loaded>
  );
}

const Unknown = () => (
  <Page title={words.titleNew} above={<Link href="/deploy">{texts.deploy.title}</Link>}>
    <Panel>
      <Empty title={words.unknown} action={<LinkButton to="/deploy">{words.back}</LinkButton>}>
        {words.unknownText}
      </Empty>
    </Panel>
  </Page>
);

interface TargetFormProps {
  readonly first: TargetDraft;
  /** null: it is new. */
  readonly known: Target | null;
}

function TargetForm({ first, known }: TargetFormProps) {
  const [draft, setDraft] = useState(first);
  const [isTried, setTried] = useState(false);
  const { save, isPending, error } = useSave();
  const change: DraftProps['change'] = (changes) => setDraft((before) => ({ ...before, ...changes }));
  const { target, problems } = readTarget(draft);
  const problem: DraftProps['problem'] = (path) => (isTried ? (problems[path] ?? null) : null);
  const submit = (): void => {
    setTried(true);
    if (target !== null) save(target);
  };
  return (
    <Page title={known === null ? words.titleNew : words.titleEdit(known.name)} above={<Link href="/deploy">{texts.deploy.title}</Link>}>
      <div className={styles['narrow']}>
        <Form onSubmit={submit}>
          {known === null && <Kinds draft={draft} change={change} />}
          <Common draft={draft} change={change} problem={problem} isNew={known === null} />
          {draft.kind === 'localai' && <LocalAiFields draft={draft} change={change} problem={problem} />}
          {error !== null && <Failure error={error} />}
          <div className={styles['start']}>
            <Button type="submit" look="primary" isPending={isPending}>
              {words.save}
            </Button>
            <LinkButton to="/deploy">{texts.actions.cancel}</LinkButton>
          </div>
        </Form>
      </div>
    </Page>
  );
}

/** A target that was saved is asked at once: whether it works is what one wants to know. */
function useSave() {
  const navigate = useNavigate();
  const put = useAct('targets.save', ['targets.list']);
  const check = useAct('targets.check', ['targets.list']);
  const save = (target: Target): void => {
    const onSuccess = (): void => {
      sayDone(words.saved(target.name));
      // It goes on when this form is gone.
      check.mutateAsync({ target: target.name }).catch(sayFailed);
      void navigate('/deploy');
    };
    put.mutate({ target }, { onSuccess });
  };
  return { save, isPending: put.isPending, error: put.error };
}

const Kinds = ({ draft, change }: Pick<DraftProps, 'draft' | 'change'>) => (
  <ChoiceCards
    label={words.kind}
    isSpread
    value={draft.kind}
    onChange={(kind) => change({ kind, name: draft.name === emptyTarget(draft.kind).name ? emptyTarget(kind).name : draft.name })}
    cards={(['embedded', 'localai'] as const).map((id) => ({ id, ...words.kinds[id] }))}
  />
);

const Common = ({ draft, change, problem, isNew }: DraftProps & { readonly isNew: boolean }) => (
  <Panel>
    <div className={styles['column']}>
      <FormRow>
        {isNew && <TextField label={words.name} help={words.nameHelp} value={draft.name} onChange={(name) => change({ name })} problem={problem('name')} />}
        <SelectField
          label={words.environment}
          help={words.environmentHelp}
          value={draft.environment}
          onChange={(environment) => change({ environment })}
          choices={environments.map((id) => ({ id, label: texts.deploy.environments[id] }))}
        />
        {draft.kind === 'embedded' && (
          <NumberField label={words.port} help={words.portHelp} value={draft.port} onChange={(port) => change({ port })} problem={problem('port')} />
        )}
      </FormRow>
      <SwitchField
        label={words.approval}
        help={words.approvalHelp}
        value={draft.environment === 'production' || draft.require_approval}
        isDisabled={draft.environment === 'production'}
        onChange={(require_approval) => change({ require_approval })}
      />
    </div>
  </Panel>
);
