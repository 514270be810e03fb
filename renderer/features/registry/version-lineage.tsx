/** The lineage of one version, or of every version of its name. */
import { useState } from 'react';
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { SwitchField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { LineageGraph } from './lineage-graph.tsx';
import styles from './registry.module.css';

const words = texts.registry.lineage;

export function VersionLineage({ version, query }: { readonly version: VersionDetails; readonly query: string }) {
  const [isWhole, setWhole] = useState(false);
  const { name } = version;
  const key = versionText(version);
  const lineage = useCall('registry.lineage', { name, version: isWhole ? null : version.version }, { keepPrevious: true });
  return (
    <Panel title={texts.registry.version.tabs.lineage} actions={<SwitchField label={words.whole(name)} value={isWhole} onChange={setWhole} />}>
      <div className={styles['column']}>
        <Loaded query={lineage}>{(graph) => <LineageGraph label={words.graph(isWhole ? name : key)} lineage={graph} here={key} query={query} />}</Loaded>
      </div>
    </Panel>
  );
}
