/** Versions in a table. */
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { Version } from '../../../shared/contracts/registry-calls.ts';
import { versionText } from '../../../shared/domain/version.ts';
import { Badge, VersionBadge } from '../../components/badge.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { metricText } from './metric-text.ts';
import { versionPath } from './version-path.ts';
import styles from './registry.module.css';

interface VersionsTableProps {
  readonly versions: readonly Version[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

const { columns: titles } = texts.registry;

export function VersionsTable({ versions, ...choosing }: VersionsTableProps) {
  const navigate = useNavigate();
  const columns = useMemo(
    (): readonly [TableColumn<Version>, ...TableColumn<Version>[]] => [
      { id: 'version', title: titles.version, minWidth: 170, width: '1.6fr', cell: (each) => <strong>{versionText(each)}</strong>, order: versionText },
      { id: 'state', title: titles.state, width: 104, cell: ({ state }) => <VersionBadge state={state} />, order: ({ state }) => state },
      { id: 'tags', title: titles.tags, minWidth: 104, width: '1fr', cell: ({ tags }) => <Tags tags={tags} />, order: ({ tags }) => tags.join(' ') || null },
      { id: 'base', title: titles.base, minWidth: 104, width: '1fr', cell: ({ base_model }) => base_model.name, order: ({ base_model }) => base_model.name },
      {
        id: 'data',
        title: titles.data,
        minWidth: 104,
        width: '1fr',
        cell: ({ dataset }) => dataset?.name ?? '—',
        order: ({ dataset }) => dataset?.name ?? null,
      },
      figure('eval_loss', titles.evalLoss),
      figure('test_exact_match', titles.exactMatch),
      { id: 'created', title: titles.created, width: 104, cell: ({ created }) => <Time at={created} />, order: ({ created }) => created },
    ],
    [],
  );
  return (
    <DataTable
      label={texts.registry.title}
      items={versions}
      columns={columns}
      idOf={versionText}
      onOpen={(version) => void navigate(versionPath(version))}
      empty={texts.states.nothingFound}
      {...choosing}
    />
  );
}

const figure = (key: string, title: string): TableColumn<Version> => ({
  id: key,
  title,
  width: 110,
  alignEnd: true,
  cell: ({ metrics: { [key]: value } }) => (value === undefined ? '—' : metricText(key, value)),
  order: ({ metrics }) => metrics[key] ?? null,
});

const Tags = ({ tags }: { readonly tags: readonly string[] }) =>
  tags.length === 0 ? (
    '—'
  ) : (
    <span className={styles['tags']}>
      {tags.map((tag) => (
        <Badge key={tag}>{tag}</Badge>
      ))}
    </span>
  );
