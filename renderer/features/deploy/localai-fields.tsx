/** What Lathe needs to know of LocalAI servers: where they are, what they ask for, how adapters get there. */
import { X } from 'lucide-react';
import { Link } from 'react-aria-components';
import { useCall } from '../../bridge/core-context.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { Disclosure } from '../../components/disclosure.tsx';
import { NumberField, SelectField, SwitchField, TextField } from '../../components/field.tsx';
import { FormRow } from '../../components/form.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { FileField } from '../files/file-field.tsx';
import type { DraftProps, ServerDraft } from './target-draft.ts';
import styles from './deploy.module.css';

const words = texts.deploy.form;

export const LocalAiFields = (props: DraftProps) => (
  <>
    <Panel title={words.servers}>
      <div className={styles['column']}>
        <Servers {...props} />
        <SecretField label={words.secret} help={words.secretHelp} value={props.draft.secret} onChange={(secret) => props.change({ secret })} />
      </div>
    </Panel>
    <Panel title={words.delivery}>
      <Delivery {...props} />
    </Panel>
    <Panel>
      <Disclosure title={words.more} isOpenAtFirst={props.draft.has_proxy || props.draft.ca_file !== '' || props.draft.base_config !== ''}>
        <More {...props} />
      </Disclosure>
    </Panel>
  </>
);

function Servers({ draft, change, problem }: DraftProps) {
  const { servers } = draft;
  const put = (index: number, changes: Partial<ServerDraft>): void =>
    change({ servers: servers.map((each, at) => (at === index ? { ...each, ...changes } : each)) });
  const names = problem('servers');
  return (
    <>
      <ul className={styles['rows']}>
        {servers.map(({ name, url }, index) => (
          <li key={index}>
            <TextField
              label={words.serverName}
              value={name}
              onChange={(next) => put(index, { name: next })}
              problem={problem(`servers.${index}.name`) ?? (index === servers.length - 1 ? names : null)}
            />
            <TextField
              label={words.serverUrl}
              type="url"
              mono
              placeholder={words.serverUrlHint}
              value={url}
              onChange={(next) => put(index, { url: next })}
              problem={problem(`servers.${index}.url`)}
            />
            {servers.length > 1 && (
              <div className={styles['level']}>
                <IconButton label={words.removeServer(name)} onPress={() => change({ servers: servers.filter((_, at) => at !== index) })}>
                  <X aria-hidden />
                </IconButton>
              </div>
            )}
          </li>
        ))}
      </ul>
      <div>
        <Button small onPress={() => change({ servers: [...servers, { name: `server-${servers.length + 1}`, url: '' }] })}>
          {words.addServer}
        </Button>
      </div>
    </>
  );
}

interface SecretFieldProps {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** By its name: what it is never comes here. */
function SecretField({ value, ...field }: SecretFieldProps) {
  const secrets = useCall('secrets.list', {});
  const names = [...new Set([...(secrets.data?.secrets ?? []).map(({ name }) => name), ...(value === '' ? [] : [value])])];
  return (
    <div className={styles['field']}>
      <SelectField {...field} value={value} choices={[{ id: '', label: words.noSecret }, ...names.map((id) => ({ id, label: id }))]} />
      <Link href="/settings/secrets">{words.toSecrets}</Link>
    </div>
  );
}

const Delivery = ({ draft, change, problem }: DraftProps) => (
  <div className={styles['column']}>
    <ChoiceCards
      label={words.delivery}
      hideLabel
      isSpread
      value={draft.how}
      onChange={(how) => change({ how })}
      cards={(['serve', 'share'] as const).map((id) => ({ id, ...words.deliveries[id] }))}
    />
    <FormRow>
      {draft.how === 'serve' ? (
        <>
          <TextField
            label={words.address}
            help={words.addressHelp}
            mono
            value={draft.address}
            onChange={(address) => change({ address })}
            problem={problem('delivery.address')}
          />
          <NumberField
            label={words.deliveryPort}
            help={words.deliveryPortHelp}
            value={draft.delivery_port}
            onChange={(delivery_port) => change({ delivery_port })}
            problem={problem('delivery.port')}
          />
        </>
      ) : (
        <>
          <FileField
            label={words.folder}
            help={words.folderHelp}
            kind="folder"
            value={draft.folder}
            onChange={(folder) => change({ folder })}
            problem={problem('delivery.folder')}
          />
          <TextField
            label={words.modelsPath}
            help={words.modelsPathHelp}
            mono
            value={draft.models_path}
            onChange={(models_path) => change({ models_path })}
            problem={problem('delivery.models_path')}
          />
        </>
      )}
    </FormRow>
  </div>
);

const More = ({ draft, change, problem }: DraftProps) => (
  <div className={styles['column']}>
    <TextField label={words.ca} help={words.caHelp} mono value={draft.ca_file} onChange={(ca_file) => change({ ca_file })} problem={problem('ca_file')} />
    <FormRow>
      <TextField
        label={words.base}
        help={words.baseHelp}
        value={draft.base_config}
        onChange={(base_config) => change({ base_config })}
        problem={problem('base_config')}
      />
      <NumberField
        label={words.available}
        help={words.availableHelp}
        value={draft.min_available}
        onChange={(min_available) => change({ min_available })}
        problem={problem('min_available')}
      />
    </FormRow>
    <SwitchField label={words.proxy} help={words.proxyHelp} value={draft.has_proxy} onChange={(has_proxy) => change({ has_proxy })} />
    {draft.has_proxy && (
      <FormRow>
        <TextField
          label={words.proxyUrl}
          type="url"
          mono
          placeholder={words.serverUrlHint}
          value={draft.proxy_url}
          onChange={(proxy_url) => change({ proxy_url })}
          problem={problem('proxy.url')}
        />
        <SecretField label={words.proxySecret} help={words.secretHelp} value={draft.proxy_secret} onChange={(proxy_secret) => change({ proxy_secret })} />
      </FormRow>
    )}
  </div>
);
