/** The runs and versions that were made from something on a shelf. */
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-aria-components';
import type { RunDetails } from '../../../shared/contracts/run-calls.ts';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { RunBadge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Panel } from '../../components/panel.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from '../runs/run-title.ts';
import { versionAddress } from './version-address.ts';
import styles from './shelf.module.css';

const words = texts.shelf.item;
const shownAtFirst = 8;

export const UsedBy = ({ details: { runs, versions } }: { readonly details: ShelfDetails }) => (
  <Panel title={words.usedBy}>
    {runs.length + versions.length === 0 && <p className="muted">{words.unused}</p>}
    <div className={styles['part']}>
      {versions.length > 0 && <Versions versions={versions} />}
      {runs.length > 0 && <Runs runs={runs} />}
    </div>
  </Panel>
);

const Versions = ({ versions }: { readonly versions: readonly string[] }) => (
  <>
    <h3>{words.versions}</h3>
    <ul className={styles['users']}>
      {versions.map((version) => (
        <li key={version}>
          <Link href={versionAddress(version)}>{version}</Link>
        </li>
      ))}
    </ul>
  </>
);

/** The newest first; all of them when they are asked for. */
function Runs({ runs }: { readonly runs: readonly string[] }) {
  const { client } = useCore();
  const [isWhole, showWhole] = useState(false);
  const shown = runs.toReversed().slice(0, isWhole ? undefined : shownAtFirst);
  const details = useQueries({
    queries: shown.map((run) => ({ queryKey: ['runs.get', { run }], queryFn: (): Promise<RunDetails> => client.call('runs.get', { run }) })),
  });
  return (
    <>
      <h3>{words.runs}</h3>
      <ul className={styles['users']}>
        {shown.map((run, index) => {
          const known = details[index]?.data;
          return (
            <li key={run}>
              <Link href={`/runs/${run}`}>{known === undefined ? run : runTitle(known)}</Link>
              {known !== undefined && <RunBadge state={known.state} />}
              {known !== undefined && <Time at={known.created} />}
            </li>
          );
        })}
      </ul>
      {shown.length < runs.length && (
        <Button small look="quiet" onPress={() => showWhole(true)}>
          {words.more(formatCount(runs.length - shown.length))}
        </Button>
      )}
    </>
  );
}
