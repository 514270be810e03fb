/** One version: how it stands and what it carries; its parts one at a time; what can be done with it. */
import { Link } from 'react-aria-components';
import { useParams, useSearchParams } from 'react-router';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge, VersionBadge } from '../../components/badge.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { VersionActions } from './version-actions.tsx';
import { VersionCard } from './version-card.tsx';
import { VersionFiles } from './version-files.tsx';
import { VersionHistory } from './version-history.tsx';
import { VersionLineage } from './version-lineage.tsx';
import { VersionOverview } from './version-overview.tsx';
import styles from './registry.module.css';

const words = texts.registry.version;
const list = { href: '/registry', title: texts.registry.title, ...texts.registry.entry };

export function View() {
  const { name = '', version = '' } = useParams();
  const details = useCall('registry.get', { name, version });
  return (
    <LoadedEntry query={details} name={versionText({ name, version })} list={list}>
      {(data) => <VersionPage key={versionText(data)} version={data} />}
    </LoadedEntry>
  );
}

function VersionPage({ version }: { readonly version: VersionDetails }) {
  const { state, tags, base_model: base, created, record } = version;
  return (
    <Page
      title={versionText(version)}
      above={<Link href="/registry">{texts.registry.title}</Link>}
      below={
        <>
          <VersionBadge state={state} />
          {tags.length === 0 ? (
            <span>{words.noTags}</span>
          ) : (
            <span className={styles['tags']}>
              {tags.map((tag) => (
                <Badge key={tag}>{tag}</Badge>
              ))}
            </span>
          )}
          <span>{base.name}</span>
          <Time at={created} />
        </>
      }
      actions={<VersionActions version={version} />}
    >
      <p className={record.description === '' ? 'muted' : styles['description']}>{record.description === '' ? words.noDescription : record.description}</p>
      <Parts version={version} />
    </Page>
  );
}

/** Which part is shown stands in the address, so that going back, or on to another version, stays at it. */
function Parts({ version }: { readonly version: VersionDetails }) {
  const [params, setParams] = useSearchParams();
  return (
    <Tabs
      label={versionText(version)}
      shown={params.get('part') ?? 'overview'}
      onShow={(part) => setParams({ part }, { replace: true })}
      parts={[
        { id: 'overview', title: words.tabs.overview, content: <VersionOverview version={version} /> },
        { id: 'lineage', title: words.tabs.lineage, content: <VersionLineage version={version} query="?part=lineage" /> },
        { id: 'card', title: words.tabs.card, content: <VersionCard version={version} /> },
        { id: 'files', title: words.tabs.files, content: <VersionFiles version={version} /> },
        { id: 'history', title: words.tabs.history, content: <VersionHistory version={version} /> },
      ]}
    />
  );
}
