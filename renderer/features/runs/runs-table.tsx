/** Runs in a table, each with its curve. */
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import type { Run } from '../../../shared/contracts/run-calls.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { Sparkline } from '../../charts/sparkline.tsx';
import { RunBadge } from '../../components/badge.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Time } from '../../components/time.tsx';
import { texts } from '../../texts/texts.ts';
import { runTitle } from './run-title.ts';
import { useFileNames } from './use-file-names.ts';

interface RunsTableProps {
  readonly runs: readonly Run[];
  readonly chosen?: ReadonlySet<string>;
  readonly onChoose?: (chosen: ReadonlySet<string>) => void;
}

const { columns: titles } = texts.runs;
/** As many as one call gives. */
const withCurves = 200;
const sparkPoints = 40;

export function RunsTable({ runs, ...choosing }: RunsTableProps) {
  const navigate = useNavigate();
  const ids = useMemo(() => runs.slice(0, withCurves).map(({ run }) => run), [runs]);
  const curves = useCall('runs.sparklines', { runs: ids, points: sparkPoints }, { keepPrevious: true, enabled: ids.length > 0 });
  const names = useFileNames();
  const columns = useMemo((): readonly [TableColumn<Run>, ...TableColumn<Run>[]] => {
    const curveOf = ({ run }: Run): readonly number[] => curves.data?.series[run]?.loss ?? [];
    return [
      { id: 'name', title: titles.name, minWidth: 140, width: '2fr', cell: (run) => <strong>{runTitle(run)}</strong>, order: runTitle },
      { id: 'state', title: titles.state, width: 108, cell: ({ state }) => <RunBadge state={state} />, order: ({ state }) => state },
      { id: 'curve', title: titles.curve, width: 120, cell: (run) => <Sparkline values={curveOf(run)} label={`${titles.curve}, ${runTitle(run)}`} /> },
      { id: 'loss', title: titles.loss, width: 86, alignEnd: true, cell: ({ loss }) => shown(loss), order: ({ loss }) => loss },
      { id: 'eval_loss', title: titles.evalLoss, width: 112, alignEnd: true, cell: (run) => shown(run.eval_loss), order: (run) => run.eval_loss },
      { id: 'progress', title: titles.progress, width: 98, alignEnd: true, cell: progressOf, order: ({ step }) => step },
      { id: 'model', title: titles.model, minWidth: 96, width: '1fr', cell: ({ model }) => names.model(model), order: ({ model }) => names.model(model) },
      { id: 'data', title: titles.data, minWidth: 96, width: '1fr', cell: ({ data }) => names.data(data), order: ({ data }) => names.data(data) },
      { id: 'created', title: titles.created, width: 104, cell: ({ created }) => <Time at={created} />, order: ({ created }) => created },
    ];
  }, [curves.data, names]);
  return (
    <DataTable
      label={texts.runs.title}
      items={runs}
      columns={columns}
      idOf={({ run }) => run}
      onOpen={({ run }) => void navigate(`/runs/${run}`)}
      empty={texts.states.nothingFound}
      {...choosing}
    />
  );
}

const shown = (value: number | null): string => (value === null ? '—' : formatNumber(value));
const progressOf = ({ step, steps }: Run): string => (steps === null ? formatCount(step) : `${formatCount(step)} / ${formatCount(steps)}`);
