/** Trend: how the scores under one name went, over its versions or over time. */
import { Link } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { newBenchmarkPath } from './benchmark-paths.ts';
import { bySettings, isDone, type DoneScore } from './score-matrix.ts';
import { settingsText } from './score-words.ts';
import { subjectName, subjectNames, type TrendOrder } from './trend-points.ts';
import { TrendPanel } from './trend-panel.tsx';
import { useAllScores } from './use-all-scores.ts';
import { useOrigins } from './use-origins.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.trends;
const orders = (Object.keys(words.orders) as TrendOrder[]).map((id) => ({ id, label: words.orders[id] }));

/** `?name=…&order=…&settings=…` */
export function View() {
  const scores = useAllScores({});
  return (
    <Page title={words.title} above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>}>
      <Loaded query={scores}>{(all) => <Trends scores={all.filter(isDone)} />}</Loaded>
    </Page>
  );
}

function Trends({ scores }: { readonly scores: readonly DoneScore[] }) {
  const [params, setParams] = useSearchParams();
  const set = (name: string, value: string): void =>
    setParams((before) => new URLSearchParams({ ...Object.fromEntries(before), [name]: value }), { replace: true });
  const names = subjectNames(scores);
  const name = params.get('name') ?? names[0] ?? null;
  const groups = bySettings(scores.filter((score) => subjectName(score) === name));
  const group = groups.find(({ key }) => key === params.get('settings')) ?? groups[0];
  const order = orders.find(({ id }) => id === params.get('order'))?.id ?? 'version';
  if (name === null || group === undefined) return <Nothing />;
  return (
    <>
      <Toolbar>
        <SelectField label={words.name} value={name} onChange={(id) => set('name', id)} choices={names.map((id) => ({ id, label: id }))} />
        <SelectField label={words.order} value={order} onChange={(id) => set('order', id)} choices={orders} />
        <SelectField
          label={texts.benchmarks.overview.settings}
          value={group.key}
          onChange={(id) => set('settings', id)}
          choices={groups.map(({ key, settings }) => ({ id: key, label: settingsText(settings) }))}
        />
      </Toolbar>
      <Panels scores={group.scores} all={scores} order={order} />
    </>
  );
}

interface PanelsProps {
  readonly scores: readonly DoneScore[];
  /** Among which the base's are found. */
  readonly all: readonly DoneScore[];
  readonly order: TrendOrder;
}

function Panels({ scores, all, order }: PanelsProps) {
  const { bases } = useOrigins();
  const byTask = [...Map.groupBy(scores, ({ task }) => task)].toSorted(([one], [other]) => one.localeCompare(other));
  return (
    <div className={styles['columns']}>
      {byTask.map(([task, list]) => (
        <TrendPanel key={task} task={task} scores={list} all={all} bases={bases} order={order} />
      ))}
    </div>
  );
}

const Nothing = () => (
  <Panel>
    <Empty title={words.none} action={<LinkButton to={newBenchmarkPath()}>{texts.benchmarks.start}</LinkButton>}>
      {words.noneText}
    </Empty>
  </Panel>
);
