/** Scores compared: of each task the others against the base, with intervals, tests and what flipped. */
import { useMemo } from 'react';
import { Link } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { intervalAxis } from '../../charts/interval-axis.ts';
import { LinkButton } from '../../components/button.tsx';
import { SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { comparisonGroups, type ComparisonGroup } from './comparison-groups.ts';
import { isDone, type DoneScore } from './score-matrix.ts';
import { isShare } from './score-words.ts';
import { useComparisons } from './use-comparisons.ts';
import { useScores } from './use-scores.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.compare;

/** `?scores=…`: the first is the base; `&base=LABEL` sets them against another. */
export function View() {
  const [params] = useSearchParams();
  const written = params.get('scores') ?? '';
  const ids = useMemo(() => written.split(',').filter((id) => id !== ''), [written]);
  const { scores, isLoading, error } = useScores(ids);
  const done = useMemo(() => scores.filter(isDone), [scores]);
  return (
    <Page title={words.title} above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>}>
      {error !== null && <Failure error={error} />}
      {isLoading ? <Loading /> : done.length < 2 ? error === null && <Nothing /> : <Compared scores={done} />}
    </Page>
  );
}

const Nothing = () => (
  <Panel>
    <Empty title={words.none} action={<LinkButton to="/benchmarks">{words.toMatrix}</LinkButton>}>
      {words.noneText}
    </Empty>
  </Panel>
);

function Compared({ scores }: { readonly scores: readonly DoneScore[] }) {
  const [params, setParams] = useSearchParams();
  const labels = [...new Set(scores.map(({ subject }) => subject.label))];
  const base = params.get('base') ?? labels[0] ?? null;
  const groups = useMemo(() => comparisonGroups(scores, base), [scores, base]);
  const pairs = useMemo(
    () => groups.filter(({ others }) => others.length > 0).map((group) => ({ base: group.base.score, others: group.others.map(({ score }) => score) })),
    [groups],
  );
  const { byScore, isLoading, error } = useComparisons(pairs);
  const choose = (label: string): void => setParams((before) => new URLSearchParams({ ...Object.fromEntries(before), base: label }), { replace: true });
  return (
    <>
      <div className={styles['chooser']}>
        <SelectField label={words.base} value={base} onChange={choose} choices={labels.map((id) => ({ id, label: id }))} />
      </div>
      {error !== null && <Failure error={error} />}
      {isLoading ? <Loading /> : <Groups groups={groups} comparisons={byScore} />}
    </>
  );
}

interface GroupsProps {
  readonly groups: readonly ComparisonGroup[];
  readonly comparisons: ReadonlyMap<string, PairedComparison>;
}

function Groups({ groups, comparisons }: GroupsProps) {
  const rows = groups.flatMap(({ others }) => others.flatMap(({ score }) => comparisons.get(score) ?? []));
  const shares = rows.filter(({ metric }) => isShare(metric));
  const rest = rows.filter(({ metric }) => !isShare(metric));
  const notes = groups.flatMap(({ task, others, left }) => [
    ...(others.length + left.length === 0 ? [words.alone(task)] : []),
    ...left.map(({ subject, task: of }) => words.left(`${subject.label} (${of})`)),
  ]);
  return (
    <>
      {/* Perplexities have no common axis with shares. */}
      {[shares, rest].map((each, index) => each.length > 0 && <Chart key={index} comparisons={each} />)}
      {notes.map((note) => (
        <p key={note} className="muted">
          {note}
        </p>
      ))}
    </>
  );
}

function Chart({ comparisons }: { readonly comparisons: readonly PairedComparison[] }) {
  const axis = intervalAxis(comparisons.map(({ interval }) => interval));
  const confidence = comparisons[0]?.interval.confidence ?? 0.95;
  return (
    <Panel title={titleOf(comparisons)}>
      <div className={styles['stack']}>
        <ComparisonTable comparisons={comparisons} axis={axis} />
        <ul className={styles['list']}>
          {comparisons.map((comparison) => (
            <li key={comparison.other}>{words.said(comparison.other_label, comparison.task, comparison.words)}</li>
          ))}
        </ul>
        <p className="muted">{words.interval(`${Number((confidence * 100).toFixed(1))} %`)}</p>
      </div>
    </Panel>
  );
}

function titleOf(comparisons: readonly PairedComparison[]): string {
  const [bases, others] = [comparisons.map((each) => each.base_label), comparisons.map((each) => each.other_label)].map((labels) => [...new Set(labels)]);
  const [base, other] = [bases?.[0], others?.[0]];
  return base === undefined || other === undefined || bases?.length !== 1 || others?.length !== 1 ? words.chart : words.against(other, base);
}
