/** What a deployment is, and the settings it goes by. */
import { Link } from 'react-aria-components';
import type { DeploymentDetails } from '../../../shared/domain/deployment.ts';
import { Disclosure } from '../../components/disclosure.tsx';
import { Facts } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { versionPath } from '../registry/version-path.ts';
import { draftOf, isUsed, type Setting } from './config-draft.ts';
import { deploymentTitle, previousOf } from './deployment-words.ts';
import styles from './deploy.module.css';

const words = texts.deploy.page;
const { fields } = texts.deploy.request;

export function DeploymentFacts({ details }: { readonly details: DeploymentDetails }) {
  const { target, alias, served_as, strategy, actor, created, ended, config } = details;
  const { values } = draftOf(config);
  const settings = (Object.keys(values) as Setting[]).filter((setting) => isUsed(setting, strategy));
  return (
    <Panel title={words.facts}>
      <div className={styles['column']}>
        <Facts
          facts={[
            { name: words.fact.version, value: <Link href={versionPath(details)}>{deploymentTitle(details)}</Link> },
            { name: words.fact.target, value: target },
            { name: words.fact.alias, value: alias },
            { name: words.fact.servedAs, value: <span className="mono">{served_as}</span> },
            { name: words.fact.previous, value: previousOf(details) ?? words.nobodyBefore },
            { name: words.fact.by, value: `${actor.user}@${actor.host}` },
            { name: words.fact.created, value: <Time at={created} /> },
            { name: words.fact.ended, value: ended === null ? null : <Time at={ended} /> },
          ]}
        />
        <Disclosure quiet title={words.config}>
          <Facts facts={settings.map((setting) => ({ name: fields[setting].label, value: valueText(values[setting]) }))} />
        </Disclosure>
      </div>
    </Panel>
  );
}

const valueText = (value: string | number | boolean): string => (typeof value === 'boolean' ? (value ? words.yes : words.no) : String(value));
