/** A connection with HANA is made or changed; one that was saved is tested at once. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useParams } from 'react-router';
import { hanaDrivers, type HanaConnection } from '../../../shared/domain/hana-connection.ts';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { NumberField, SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { Form, FormRow } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { sayDone } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import { draftOfConnection, emptyConnection, readConnection, type ConnectionDraft, type DraftProps } from './connection-draft.ts';
import styles from './hana.module.css';

const words = texts.hana.form;
const back = '/hana?part=connections';

export function View() {
  const { connection: name } = useParams();
  const known = useCall('hana.connections', {}, { enabled: name !== undefined });
  if (name === undefined) return <ConnectionForm first={emptyConnection} isNew />;
  return (
    <Loaded query={known}>
      {({ connections }) => {
        const found = connections.find(({ connection }) => connection.name === name);
        return found === undefined ? <Unknown name={name} /> : <ConnectionForm first={draftOfConnection(found.connection)} isNew={false} />;
      }}
    </Loaded>
  );
}

const Unknown = ({ name }: { readonly name: string }) => (
  <Page title={words.title} above={<Link href={back}>{texts.hana.title}</Link>}>
    <Panel>
      <Empty title={words.unknown(name)} action={<LinkButton to={back}>{words.back}</LinkButton>} />
    </Panel>
  </Page>
);

function ConnectionForm({ first, isNew }: { readonly first: ConnectionDraft; readonly isNew: boolean }) {
  const navigate = useNavigate();
  const save = useAct('hana.save', ['hana.connections']);
  const [draft, setDraft] = useState(first);
  const [isTried, setTried] = useState(false);
  const { connection, problems } = readConnection(draft);
  const change: DraftProps['change'] = (changes) => setDraft((before) => ({ ...before, ...changes }));
  const problem: DraftProps['problem'] = (field) => (isTried ? (problems[field] ?? null) : null);
  const keep = (kept: HanaConnection): void => {
    const onSuccess = (): void => {
      sayDone(words.saved(kept.name));
      void navigate(back);
    };
    save.mutate({ connection: kept, accept_licence: draft.accepts_licence }, { onSuccess });
  };
  return (
    <Page title={isNew ? words.title : words.edit(first.name)} above={<Link href={back}>{texts.hana.title}</Link>}>
      <div className={styles['narrow']}>
        <Form
          onSubmit={() => {
            setTried(true);
            if (connection !== null) keep(connection);
          }}
        >
          <Where draft={draft} change={change} problem={problem} isNew={isNew} />
          <Driver draft={draft} change={change} problem={problem} />
          <Trust draft={draft} change={change} problem={problem} />
          {save.error !== null && <Failure error={save.error} />}
          <div className={styles['buttons']}>
            <Button type="submit" look="primary" isPending={save.isPending}>
              {words.save}
            </Button>
            <LinkButton to={back}>{texts.actions.cancel}</LinkButton>
          </div>
        </Form>
      </div>
    </Page>
  );
}

const Where = ({ draft, change, problem, isNew }: DraftProps & { readonly isNew: boolean }) => (
  <Panel title={words.where}>
    <div className={styles['column']}>
      {isNew && <TextField label={words.name} help={words.nameHelp} value={draft.name} onChange={(name) => change({ name })} problem={problem('name')} />}
      <FormRow>
        <TextField label={words.host} help={words.hostHelp} mono value={draft.host} onChange={(host) => change({ host })} problem={problem('host')} />
        <NumberField label={words.port} help={words.portHelp} value={draft.port} onChange={(port) => change({ port })} problem={problem('port')} />
      </FormRow>
      <FormRow>
        <TextField label={words.user} value={draft.user} onChange={(user) => change({ user })} problem={problem('user')} />
        <SecretName draft={draft} change={change} problem={problem} />
      </FormRow>
      <FormRow>
        <TextField label={words.schema} help={words.schemaHelp} value={draft.schema} onChange={(schema) => change({ schema })} problem={problem('schema')} />
        <TextField
          label={words.database}
          help={words.databaseHelp}
          value={draft.database}
          onChange={(database) => change({ database })}
          problem={problem('database')}
        />
      </FormRow>
      <FileField
        label={words.folder}
        help={words.folderHelp}
        kind="folder"
        value={draft.artifact_folder}
        onChange={(artifact_folder) => change({ artifact_folder })}
        problem={problem('artifact_folder')}
      />
    </div>
  </Panel>
);

/** By its name: what it is never comes here. */
function SecretName({ draft, change, problem }: DraftProps) {
  const secrets = useCall('secrets.list', {});
  const names = [...new Set([...(secrets.data?.secrets ?? []).map(({ name }) => name), ...(draft.secret === '' ? [] : [draft.secret])])];
  return (
    <div>
      <SelectField
        label={words.secret}
        help={words.secretHelp}
        value={draft.secret === '' ? null : draft.secret}
        placeholder={words.noSecret}
        onChange={(secret) => change({ secret })}
        choices={names.map((id) => ({ id, label: id }))}
        problem={problem('secret')}
      />
      <Link href="/settings/secrets">{words.toSecrets}</Link>
    </div>
  );
}

const Driver = ({ draft, change, problem }: DraftProps) => (
  <Panel title={words.driver}>
    <div className={styles['column']}>
      <ChoiceCards
        label={words.driver}
        hideLabel
        isSpread
        value={draft.driver}
        onChange={(driver) => change({ driver })}
        cards={hanaDrivers.map((id) => ({ id, ...words.drivers[id] }))}
      />
      {draft.driver === 'hana-client' && (
        <>
          <SwitchField
            label={words.licence}
            help={words.licenceHelp}
            value={draft.accepts_licence}
            onChange={(accepts_licence) => change({ accepts_licence })}
          />
          {problem('driver') !== null && <p role="alert">{problem('driver')}</p>}
        </>
      )}
    </div>
  </Panel>
);

const Trust = ({ draft, change, problem }: DraftProps) => (
  <Panel title={words.trust}>
    <div className={styles['column']}>
      <SwitchField label={words.encrypt} help={problem('encrypt') ?? words.encryptHelp} value={draft.encrypt} onChange={(encrypt) => change({ encrypt })} />
      {draft.encrypt && (
        <Disclosure title={words.certificates} isOpenAtFirst={!draft.validate_certificate || draft.ca_file !== '' || draft.certificate_host !== ''}>
          <div className={styles['column']}>
            <SwitchField
              label={words.validate}
              help={words.validateHelp}
              value={draft.validate_certificate}
              onChange={(validate_certificate) => change({ validate_certificate })}
            />
            <FormRow>
              <TextField
                label={words.ca}
                help={words.caHelp}
                mono
                value={draft.ca_file}
                onChange={(ca_file) => change({ ca_file })}
                problem={problem('ca_file')}
              />
              <TextField
                label={words.certificateHost}
                help={words.certificateHostHelp}
                mono
                value={draft.certificate_host}
                onChange={(certificate_host) => change({ certificate_host })}
                problem={problem('certificate_host')}
              />
            </FormRow>
          </div>
        </Disclosure>
      )}
      <FormRow>
        <NumberField
          label={words.connectTimeout}
          value={draft.connect_timeout_seconds}
          onChange={(connect_timeout_seconds) => change({ connect_timeout_seconds })}
          problem={problem('connect_timeout_seconds')}
        />
        <NumberField
          label={words.answerTimeout}
          value={draft.answer_timeout_seconds}
          onChange={(answer_timeout_seconds) => change({ answer_timeout_seconds })}
          problem={problem('answer_timeout_seconds')}
        />
      </FormRow>
    </div>
  </Panel>
);
