/** Deploys a version: what, where and how; what would be done, call by call; and the one button that does it. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { DeployRequest, type KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { strategies } from '../../../shared/domain/deployment-config.ts';
import { versionText } from '../../../shared/domain/version.ts';
import type { InputOf } from '../../../shared/contracts/calls.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { FormRow } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { useSettled } from '../shelf/use-settled.ts';
import { changedCount, draftOf, readDraft, type ConfigDraft, type ReadConfig } from './config-draft.ts';
import { deploymentPath } from './deployment-words.ts';
import { PlanPreview, usePlan } from './plan-preview.tsx';
import { SettingFields } from './setting-fields.tsx';
import { NoTarget } from './targets-part.tsx';
import { inDeployOrder } from './version-choices.ts';
import styles from './deploy.module.css';

const words = texts.deploy.request;
const listed = 500;
const settleMs = 400;

export function View() {
  const targets = useCall('targets.list', {});
  const versions = useCall('registry.list', { limit: listed });
  return (
    <Page title={words.title} above={<Link href="/deploy">{texts.deploy.title}</Link>}>
      <Loaded query={targets}>
        {({ targets: known }) =>
          known.length === 0 ? (
            <Panel>
              <NoTarget />
            </Panel>
          ) : (
            <Loaded query={versions}>
              {({ versions: all }) => (all.length === 0 ? <NoVersion /> : <Request targets={known} versions={inDeployOrder(all)} />)}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  );
}

const NoVersion = () => (
  <Panel>
    <Empty title={words.noVersion} action={<LinkButton to="/registry">{words.toRegistry}</LinkButton>}>
      {words.noVersionText}
    </Empty>
  </Panel>
);

interface RequestProps {
  readonly targets: readonly KnownTarget[];
  readonly versions: readonly Version[];
}

interface Chosen {
  readonly model: string | null;
  readonly target: string | null;
  readonly alias: string;
}

function Request({ targets, versions }: RequestProps) {
  const [params] = useSearchParams();
  const [chosen, setChosen] = useState<Chosen>(() => ({
    model: params.get('model') ?? (versions.length === 1 ? versionText(versions[0] as Version) : null),
    target: params.get('target') ?? (targets.length === 1 ? (targets[0]?.target.name ?? null) : null),
    alias: '',
  }));
  const [draft, setDraft] = useState(draftOf);
  const read = readDraft(draft);
  const aliasProblem = problemOfAlias(chosen.alias);
  const request = useSettled(requestOf(chosen, read, aliasProblem), settleMs);
  return (
    <div className={styles['split']}>
      <div className={styles['column']}>
        <What targets={targets} versions={versions} chosen={chosen} change={(changes) => setChosen({ ...chosen, ...changes })} aliasProblem={aliasProblem} />
        <How draft={draft} onChange={setDraft} read={read} />
      </div>
      <Plan request={request === null ? null : (JSON.parse(request) as InputOf<'deployments.plan'>)} isWrong={read.config === null || aliasProblem !== null} />
    </div>
  );
}

/** As text: what is the same is not asked again. null: something is missing or wrong. */
const requestOf = ({ model, target, alias }: Chosen, { config }: ReadConfig, aliasProblem: string | null): string | null =>
  model === null || target === null || config === null || aliasProblem !== null
    ? null
    : JSON.stringify({ model, target, alias: alias.trim() === '' ? null : alias.trim(), config });

function problemOfAlias(alias: string): string | null {
  const parsed = DeployRequest.shape.alias.safeParse(alias.trim() === '' ? null : alias.trim());
  return parsed.success ? null : texts.fields.must(parsed.error.issues[0]?.message ?? '');
}

interface WhatProps extends RequestProps {
  readonly chosen: Chosen;
  readonly change: (changes: Partial<Chosen>) => void;
  readonly aliasProblem: string | null;
}

const What = ({ targets, versions, chosen, change, aliasProblem }: WhatProps) => (
  <Panel title={words.what}>
    <div className={styles['column']}>
      <SelectField
        label={words.version}
        help={words.versionHelp}
        placeholder={words.choose}
        value={chosen.model}
        onChange={(model) => change({ model })}
        choices={versions.map((each) => ({ id: versionText(each), label: words.option(versionText(each), texts.versionStates[each.state]) }))}
      />
      <FormRow>
        <SelectField
          label={words.target}
          placeholder={words.choose}
          value={chosen.target}
          onChange={(target) => change({ target })}
          choices={targets.map(({ target }) => ({ id: target.name, label: words.targetOption(target.name, texts.deploy.environments[target.environment]) }))}
        />
        <TextField label={words.alias} help={words.aliasHelp} mono value={chosen.alias} onChange={(alias) => change({ alias })} problem={aliasProblem} />
      </FormRow>
    </div>
  </Panel>
);

interface HowProps {
  readonly draft: ConfigDraft;
  readonly onChange: (draft: ConfigDraft) => void;
  readonly read: ReadConfig;
}

const How = ({ draft, onChange, read }: HowProps) => (
  <Panel title={words.strategy}>
    <div className={styles['column']}>
      <ChoiceCards
        label={words.strategy}
        hideLabel
        minWidth={210}
        value={draft.strategy}
        onChange={(strategy) => onChange({ ...draft, strategy })}
        cards={strategies.map((id) => ({ id, ...texts.deploy.strategies[id] }))}
      />
      <Disclosure title={words.settings} {...(read.config !== null && { note: words.settingsNote(changedCount(read.config)) })}>
        <SettingFields draft={draft} onChange={onChange} read={read} />
      </Disclosure>
    </div>
  </Panel>
);

interface PlanProps {
  /** null: it is not whole. */
  readonly request: InputOf<'deployments.plan'> | null;
  readonly isWrong: boolean;
}

function Plan({ request, isWrong }: PlanProps) {
  const navigate = useNavigate();
  const start = useAct('deployments.start');
  const plan = usePlan(request);
  const canStart = request !== null && plan.data !== undefined && !plan.isPlaceholderData && plan.data.refusals.length === 0;
  const deploy = (): void => {
    if (request !== null) start.mutate(request, { onSuccess: ({ deployment }) => void navigate(deploymentPath(deployment)) });
  };
  return (
    <Panel title={words.plan}>
      <div className={styles['column']}>
        <div>
          <Button look="primary" isDisabled={!canStart} isPending={start.isPending} onPress={deploy}>
            {request === null || plan.data === undefined ? words.submitNone : words.submit(versionText(plan.data), plan.data.target)}
          </Button>
        </div>
        {start.error !== null && <Failure error={start.error} />}
        {request === null ? <p className="muted">{isWrong ? words.planWrong : words.planNone}</p> : <PlanPreview query={plan} />}
      </div>
    </Panel>
  );
}
