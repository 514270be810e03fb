/** The deployments so far, newest first. */
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { deploymentStates, type Deployment, type DeploymentState } from '../../../shared/domain/deployment.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { DeploymentBadge } from '../../components/badge.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { SelectField } from '../../components/field.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Time } from '../../components/time.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { deployPath, deploymentPath, deploymentTitle } from './deployment-words.ts';
import styles from './deploy.module.css';

const words = texts.deploy.deployments;
const pageSize = 100;
const largest = 1_000;
type StateFilter = DeploymentState | 'any';
const filters = [{ id: 'any' as StateFilter, label: words.any }, ...deploymentStates.map((id) => ({ id, label: texts.deploy.states[id] }))];

export function DeploymentsPart() {
  const [state, setState] = useState<StateFilter>('any');
  const [limit, setLimit] = useState(pageSize);
  const deployments = useCall('deployments.list', { state: state === 'any' ? null : [state], limit }, { keepPrevious: true });
  return (
    <Loaded query={deployments}>
      {({ deployments: list, next }) =>
        list.length === 0 && state === 'any' ? (
          <Panel>
            <Empty title={words.empty} action={<LinkButton to={deployPath({})}>{texts.deploy.new}</LinkButton>}>
              {words.emptyText}
            </Empty>
          </Panel>
        ) : (
          <div className={styles['column']}>
            <Toolbar>
              <SelectField label={words.filter} hideLabel value={state} onChange={setState} choices={filters} />
            </Toolbar>
            <Panel flush>
              <DeploymentsTable deployments={list} />
            </Panel>
            {next !== null && limit < largest && (
              <div>
                <Button onPress={() => setLimit(Math.min(largest, limit + pageSize))}>{words.more}</Button>
              </div>
            )}
          </div>
        )
      }
    </Loaded>
  );
}

const { columns: titles } = words;

function DeploymentsTable({ deployments }: { readonly deployments: readonly Deployment[] }) {
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly [TableColumn<Deployment>, ...TableColumn<Deployment>[]] => [
      { id: 'version', title: titles.version, minWidth: 160, width: '1.5fr', cell: (each) => <strong>{deploymentTitle(each)}</strong>, order: deploymentTitle },
      { id: 'state', title: titles.state, width: 130, cell: ({ state }) => <DeploymentBadge state={state} />, order: ({ state }) => state },
      { id: 'target', title: titles.target, minWidth: 110, width: '1fr', cell: ({ target }) => target, order: ({ target }) => target },
      { id: 'alias', title: titles.alias, minWidth: 110, width: '1fr', cell: ({ alias }) => alias, order: ({ alias }) => alias },
      {
        id: 'strategy',
        title: titles.strategy,
        width: 104,
        cell: ({ strategy }) => texts.deploy.strategies[strategy].title,
        order: ({ strategy }) => strategy,
      },
      { id: 'traffic', title: titles.traffic, width: 84, alignEnd: true, cell: ({ traffic }) => texts.deploy.share(traffic), order: ({ traffic }) => traffic },
      { id: 'actor', title: titles.actor, width: 104, cell: ({ actor }) => actor.user, order: ({ actor }) => actor.user },
      { id: 'created', title: titles.created, width: 104, cell: ({ created }) => <Time at={created} />, order: ({ created }) => created },
    ],
    [],
  );
  return (
    <DataTable
      label={texts.deploy.tabs.deployments}
      items={deployments}
      columns={columns}
      idOf={({ deployment }) => deployment}
      onOpen={({ deployment }) => void navigate(deploymentPath(deployment))}
      empty={texts.states.nothingFound}
    />
  );
}
