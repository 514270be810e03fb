/** What became of a version: who did it, when, and why. */
import type { VersionDetails } from '../../../shared/contracts/registry-calls.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Panel } from '../../components/panel.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { actorText, historyEntries } from './history-entries.ts';

const words = texts.registry;

export function VersionHistory({ version: { name, version, states } }: { readonly version: VersionDetails }) {
  const tags = useCall('registry.history', { name });
  return (
    <Loaded query={tags}>
      {({ history }) => (
        <Panel>
          <PlainTable label={words.version.tabs.history} columns={words.history.columns}>
            {historyEntries(version, states, history).map(({ at, what, actor, reason }) => (
              <tr key={`${at} ${what}`}>
                <td>
                  <Time at={at} />
                </td>
                <th scope="row">{what}</th>
                <td>{actorText(actor)}</td>
                <td>{reason ?? '—'}</td>
              </tr>
            ))}
          </PlainTable>
        </Panel>
      )}
    </Loaded>
  );
}
