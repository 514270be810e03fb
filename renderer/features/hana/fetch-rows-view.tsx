/** Rows to learn from are fetched out of a HANA: which, under which names, how many; and how far it is. */
import { useEffect, useState } from 'react';
import { Link } from 'react-aria-components';
import { useNavigate, useSearchParams } from 'react-router';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useAct, useCall, useCore } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { ChoiceCards } from '../../components/choice-cards.tsx';
import { NumberField, SelectField, TextField } from '../../components/field.tsx';
import { Form, FormRow } from '../../components/form.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loaded } from '../../components/states.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { newConnectionPath } from './connections-part.tsx';
import styles from './hana.module.css';
import { emptySource, readSource, type SourceDraft } from './source-draft.ts';

const words = texts.hana.rows;

export function View() {
  const known = useCall('hana.connections', {});
  const [params] = useSearchParams();
  return (
    <Page title={words.title} above={<Link href="/datasets">{texts.shelf.kinds.dataset.title}</Link>}>
      <Loaded query={known}>
        {({ connections }) => {
          const names = connections.map(({ connection }) => connection.name);
          const [first] = names;
          if (first === undefined) return <NoConnection />;
          const asked = params.get('connection');
          return <FetchForm names={names} first={asked !== null && names.includes(asked) ? asked : first} />;
        }}
      </Loaded>
    </Page>
  );
}

const NoConnection = () => (
  <Panel>
    <Empty
      title={texts.hana.connections.empty}
      action={
        <LinkButton look="primary" to={newConnectionPath}>
          {texts.hana.connections.new}
        </LinkButton>
      }
    >
      {texts.hana.connections.emptyText}
    </Empty>
  </Panel>
);

function FetchForm({ names, first }: { readonly names: readonly string[]; readonly first: string }) {
  const navigate = useNavigate();
  const fetchRows = useAct('datasets.fetch', ['datasets.list']);
  const [draft, setDraft] = useState(() => emptySource(first));
  const [isTried, setTried] = useState(false);
  const { source, problems } = readSource(draft);
  const change = (changes: Partial<SourceDraft>): void => setDraft((before) => ({ ...before, ...changes }));
  const problem = (field: string): string | null => (isTried ? (problems[field] ?? null) : null);
  const name = draft.name.trim();
  const submit = (): void => {
    setTried(true);
    if (source === null) return;
    const onSuccess = (): void => {
      sayDone(words.fetched(name));
      void navigate(`/datasets/${encodeURIComponent(name)}`);
    };
    fetchRows.mutate({ name, source }, { onSuccess });
  };
  return (
    <div className={styles['narrow']}>
      <Form onSubmit={submit}>
        <Panel title={words.which}>
          <div className={styles['column']}>
            <FormRow>
              <TextField label={words.name} help={words.nameHelp} value={draft.name} onChange={(next) => change({ name: next })} problem={problem('name')} />
              <SelectField
                label={words.connection}
                value={draft.connection}
                onChange={(connection) => change({ connection })}
                choices={names.map((id) => ({ id, label: id }))}
              />
            </FormRow>
            <Which draft={draft} change={change} problem={problem} />
          </div>
        </Panel>
        <Panel title={words.how}>
          <How draft={draft} change={change} problem={problem} />
        </Panel>
        {fetchRows.error !== null && <Failure error={fetchRows.error} />}
        {fetchRows.isPending && <Fetching name={name} />}
        <div className={styles['buttons']}>
          <Button type="submit" look="primary" isPending={fetchRows.isPending}>
            {words.fetch}
          </Button>
          <LinkButton to="/datasets">{texts.actions.cancel}</LinkButton>
        </div>
      </Form>
    </div>
  );
}

interface PartProps {
  readonly draft: SourceDraft;
  readonly change: (changes: Partial<SourceDraft>) => void;
  readonly problem: (field: string) => string | null;
}

const Which = ({ draft, change, problem }: PartProps) => (
  <>
    <ChoiceCards
      label={words.which}
      hideLabel
      isSpread
      value={draft.how}
      onChange={(how) => change({ how })}
      cards={(['table', 'select'] as const).map((id) => ({ id, ...words.ways[id] }))}
    />
    {draft.how === 'table' ? (
      <TextField label={words.table} help={words.tableHelp} mono value={draft.table} onChange={(table) => change({ table })} problem={problem('table')} />
    ) : (
      <TextField
        label={words.select}
        help={words.selectHelp}
        mono
        rows={6}
        value={draft.select}
        onChange={(select) => change({ select })}
        problem={problem('select')}
      />
    )}
  </>
);

const How = ({ draft, change, problem }: PartProps) => (
  <div className={styles['column']}>
    <TextField
      label={words.fields}
      help={words.fieldsHelp}
      mono
      rows={3}
      value={draft.fields}
      onChange={(fields) => change({ fields })}
      problem={problem('fields')}
    />
    <FormRow>
      <NumberField label={words.limit} help={words.limitHelp} min={1} value={draft.limit} onChange={(limit) => change({ limit })} problem={problem('limit')} />
      <TextField
        label={words.order}
        help={words.orderHelp}
        mono
        value={draft.order_by}
        onChange={(order_by) => change({ order_by })}
        problem={problem('order_by')}
      />
      <TextField
        label={words.changes}
        help={words.changesHelp}
        mono
        value={draft.change_column}
        onChange={(change_column) => change({ change_column })}
        problem={problem('change_column')}
      />
    </FormRow>
  </div>
);

function Fetching({ name }: { readonly name: string }) {
  const { client } = useCore();
  const stop = useAct('datasets.stopFetch');
  const [so, setSo] = useState({ rows: 0, bytes: 0 });
  useEffect(
    () =>
      client.onEvent((event) => {
        if (event.event === 'dataset.fetched' && event.data.name === name) setSo(event.data);
      }),
    [client, name],
  );
  return (
    <p className={styles['line']} role="status">
      <span>{words.soFar(formatCount(so.rows), formatBytes(so.bytes))}</span>
      <Button small onPress={() => stop.mutate({ name }, { onError: sayFailed })}>
        {words.stop}
      </Button>
    </p>
  );
}
