/** The targets, each with its servers, what was found there, and what differs from what was left there. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import type { KnownTarget } from '../../../shared/contracts/deployment-calls.ts';
import { useAct } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty } from '../../components/states.tsx';
import { sayDone, sayFailed } from '../../components/toast.tsx';
import { texts } from '../../texts/texts.ts';
import { deployPath } from './deployment-words.ts';
import { DriftList } from './drift-list.tsx';
import { RemoveTargetDialog } from './remove-target-dialog.tsx';
import { ServerReports } from './server-reports.tsx';
import { targetPath } from './target-path.ts';
import styles from './deploy.module.css';

const words = texts.deploy.targets;

export const TargetsPart = ({ targets }: { readonly targets: readonly KnownTarget[] }) =>
  targets.length === 0 ? (
    <Panel>
      <NoTarget />
    </Panel>
  ) : (
    <div className={styles['column']}>
      {targets.map((each) => (
        <TargetPanel key={each.target.name} known={each} />
      ))}
    </div>
  );

export const NoTarget = () => (
  <Empty
    title={words.empty}
    action={
      <div className={styles['buttons']}>
        <LinkButton look="primary" to="/deploy/target?kind=embedded">
          {words.here}
        </LinkButton>
        <LinkButton to="/deploy/target?kind=localai">{words.localai}</LinkButton>
      </div>
    }
  >
    {words.emptyText}
  </Empty>
);

function TargetPanel({ known }: { readonly known: KnownTarget }) {
  const { target, reports, drift } = known;
  return (
    <Panel title={target.name} actions={<Actions known={known} />}>
      <div className={styles['column']}>
        <p className={styles['line']}>
          <Badge tone={target.environment === 'production' ? 'info' : 'neutral'}>{texts.deploy.environments[target.environment]}</Badge>
          <span>{words.kinds[target.kind]}</span>
          <span className="muted">{target.environment === 'production' || target.require_approval ? words.approval : words.anyVersion}</span>
          {target.kind === 'localai' && <span className="muted">{words.delivery[target.delivery.how]}</span>}
        </p>
        {reports.length === 0 ? <p className="muted">{words.unchecked}</p> : <ServerReports known={known} />}
        {drift.length > 0 && <DriftList drift={drift} />}
      </div>
    </Panel>
  );
}

function Actions({ known: { target, active, reports } }: { readonly known: KnownTarget }) {
  const navigate = useNavigate();
  const check = useAct('targets.check', ['targets.list']);
  const [isRemoving, setRemoving] = useState(false);
  const { name } = target;
  return (
    <>
      <Button
        small
        aria-label={`${words.check}: ${name}`}
        isPending={check.isPending}
        onPress={() => check.mutate({ target: name }, { onError: sayFailed, onSuccess: () => sayDone(words.checked(name)) })}
      >
        {check.isPending ? words.checking : words.check}
      </Button>
      <LinkButton small to={deployPath({ target: name })}>
        {words.deployTo}
      </LinkButton>
      <Menu
        label={words.more(name)}
        actions={[
          { id: 'edit', label: words.edit, disabled: active.length > 0, act: () => void navigate(targetPath(name)) },
          { id: 'remove', label: words.remove, danger: true, act: () => setRemoving(true) },
        ]}
      >
        <Ellipsis aria-hidden />
      </Menu>
      {isRemoving && <RemoveTargetDialog known={{ name, active, reports }} onClose={() => setRemoving(false)} />}
    </>
  );
}
