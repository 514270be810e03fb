/** What answered when: a picture of every name on every server, and the same in rows. */
import { useState } from 'react';
import { Link } from 'react-aria-components';
import type { Serving } from '../../../shared/domain/deployment.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import { SelectField, TextField } from '../../components/field.tsx';
import { FormRow } from '../../components/form.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { useSettled } from '../shelf/use-settled.ts';
import { deployPath, deploymentPath } from './deployment-words.ts';
import { ServingBars } from './serving-bars.tsx';
import { momentOf, servedText } from './serving-lanes.ts';
import styles from './deploy.module.css';

const words = texts.deploy.history;
const anyAlias = '';
const settleMs = 400;

export function ServingsPart() {
  const [alias, setAlias] = useState(anyAlias);
  const [at, setAt] = useState('');
  const all = useCall('deployments.history', { limit: 1_000 });
  const moment = useSettled(momentOf(at), settleMs);
  const then = useCall('deployments.history', { at: moment, limit: 1_000 }, { enabled: moment !== null });
  const isWrong = at.trim() !== '' && momentOf(at) === null;
  return (
    <Loaded query={all}>
      {({ servings }) => {
        if (servings.length === 0) return <Nothing />;
        const shown = (each: Serving): boolean => alias === anyAlias || each.alias === alias;
        const aliases = [...new Set(servings.map((each) => each.alias))].toSorted();
        return (
          <>
            <FormRow>
              <SelectField
                label={words.alias}
                value={alias}
                onChange={setAlias}
                choices={[{ id: anyAlias, label: words.anyAlias }, ...aliases.map((id) => ({ id, label: id }))]}
              />
              <TextField label={words.at} help={words.atHelp} value={at} onChange={setAt} problem={isWrong ? words.atWrong : null} />
            </FormRow>
            {moment === null ? (
              <>
                <ServingBars servings={servings.filter(shown)} />
                <Rows servings={servings.filter(shown)} />
              </>
            ) : (
              <Loaded query={then}>{({ servings: found }) => <Rows servings={found.filter(shown)} />}</Loaded>
            )}
          </>
        );
      }}
    </Loaded>
  );
}

const Nothing = () => (
  <Panel>
    <Empty title={words.empty} action={<LinkButton to={deployPath({})}>{texts.deploy.new}</LinkButton>}>
      {words.emptyText}
    </Empty>
  </Panel>
);

function Rows({ servings }: { readonly servings: readonly Serving[] }) {
  if (servings.length === 0) return <p className="muted">{words.none}</p>;
  return (
    <Panel>
      <PlainTable label={texts.deploy.tabs.history} columns={words.columns}>
        {servings.map((each) => (
          <Row key={[each.target, each.server, each.alias, each.served_as, each.from, each.share].join(' ')} serving={each} />
        ))}
      </PlainTable>
    </Panel>
  );
}

const Row = ({ serving }: { readonly serving: Serving }) => (
  <tr>
    <th scope="row" className={styles['unbroken']}>
      {serving.deployment === null ? servedText(serving) : <Link href={deploymentPath(serving.deployment)}>{servedText(serving)}</Link>}
    </th>
    <td className={styles['unbroken']}>{serving.alias}</td>
    <td className={styles['unbroken']}>{serving.server === serving.target ? serving.target : `${serving.target} / ${serving.server}`}</td>
    <td className={styles['unbroken']}>{texts.deploy.share(serving.share)}</td>
    <td className={styles['unbroken']}>
      <Time at={serving.from} />
    </td>
    <td className={styles['unbroken']}>{serving.to === null ? words.now : <Time at={serving.to} />}</td>
    <td>{serving.actor?.user ?? words.nobody}</td>
    <td>{serving.reason}</td>
  </tr>
);
