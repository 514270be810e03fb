/** HANA: how sharing stands, what was changed in two places, what others made, and the connections. */
import { useSearchParams } from 'react-router';
import { useAct, useCall } from '../../bridge/core-context.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Page } from '../../components/page.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { formatCount } from '../../../shared/text/format.ts';
import { texts } from '../../texts/texts.ts';
import { ConnectionsPart, newConnectionPath } from './connections-part.tsx';
import { ConflictsPart } from './conflicts-part.tsx';
import { OthersPart } from './others-part.tsx';
import { StatePart } from './state-part.tsx';

const words = texts.hana;

export function View() {
  const status = useCall('sync.status', {});
  const [params, setParams] = useSearchParams();
  const isConnected = status.data?.connected ?? false;
  return (
    <Page
      title={words.title}
      actions={
        <>
          <LinkButton to={newConnectionPath}>{words.connections.new}</LinkButton>
          {isConnected && <SyncNow />}
        </>
      }
    >
      <Tabs
        label={words.title}
        shown={params.get('part') ?? 'state'}
        onShow={(part) => setParams({ part }, { replace: true })}
        parts={[
          { id: 'state', title: words.tabs.state, content: <StatePart query={status} /> },
          { id: 'conflicts', title: words.tabs.conflicts, content: <ConflictsPart /> },
          { id: 'others', title: words.tabs.others, content: <OthersPart isConnected={isConnected} /> },
          { id: 'connections', title: words.tabs.connections, content: <ConnectionsPart /> },
        ]}
      />
    </Page>
  );
}

function SyncNow() {
  const sync = useAct('sync.now', ['sync.status', 'sync.conflicts', 'sync.rows']);
  return (
    <Button
      look="primary"
      isPending={sync.isPending}
      onPress={() => sync.mutate({}, { onError: sayFailed, onSuccess: ({ sent, read }) => sayDone(words.state.done(formatCount(sent), formatCount(read))) })}
    >
      {words.state.now}
    </Button>
  );
}
