/** Differences to a base: figures, a picture of their intervals on one axis, what flipped, and how likely chance is. */
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { formatCount } from '../../../shared/text/format.ts';
import type { IntervalAxis } from '../../charts/interval-axis.ts';
import { IntervalPlot, IntervalScale, type IntervalTone } from '../../charts/interval-plot.tsx';
import { LinkButton } from '../../components/button.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { chanceText } from '../registry/evidence-words.ts';
import { flipsPath } from './benchmark-paths.ts';
import { bareDifference, differenceText, valueText } from './score-words.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.compare;
const { task, other, base, value, difference, flips, p } = words.columns;
const tones: Readonly<Record<PairedComparison['verdict'], IntervalTone>> = { better: 'good', worse: 'bad', undecided: 'neutral' };

interface ComparisonTableProps {
  readonly comparisons: readonly PairedComparison[];
  readonly axis: IntervalAxis;
}

export function ComparisonTable({ comparisons, axis }: ComparisonTableProps) {
  // Of one model the title says which.
  const isOfMany = new Set(comparisons.map(({ other_label: label }) => label)).size > 1;
  const scale = <Scale key="plot" comparisons={comparisons} axis={axis} />;
  return (
    <PlainTable label={words.chart} columns={[task, ...(isOfMany ? [other] : []), base, value, difference, scale, flips, p]}>
      {comparisons.map((comparison) => (
        <ComparisonRow key={comparison.other} comparison={comparison} axis={axis} isOfMany={isOfMany} />
      ))}
    </PlainTable>
  );
}

function Scale({ comparisons, axis }: ComparisonTableProps) {
  const metric = comparisons[0]?.metric ?? 'acc';
  return (
    <>
      <span className="visually-hidden">{words.columns.plot}</span>
      <IntervalScale axis={axis} format={(tick) => (tick === 0 ? '0' : bareDifference(metric, tick).replace(/\.0(?=$| )/, ''))} />
    </>
  );
}

interface ComparisonRowProps {
  readonly comparison: PairedComparison;
  readonly axis: IntervalAxis;
  readonly isOfMany: boolean;
}

function ComparisonRow({ comparison, axis, isOfMany }: ComparisonRowProps) {
  const { metric, interval, verdict, mcnemar, bootstrap_p: bootstrapP } = comparison;
  return (
    <tr>
      <th scope="row" className={styles['nowrap']}>
        {comparison.task}
        <div className="muted">{texts.benchmarks.metrics[metric]}</div>
      </th>
      {isOfMany && <td>{comparison.other_label}</td>}
      <td className={styles['nowrap']}>{valueText(metric, comparison.base_value)}</td>
      <td className={styles['nowrap']}>{valueText(metric, comparison.other_value)}</td>
      <td className={styles['nowrap']}>
        <span className={styles[verdict]}>{differenceText(metric, comparison.difference)}</span>
        <div className={styles[verdict]}>{words.verdicts[verdict]}</div>
      </td>
      <td className={styles['plot']}>
        <IntervalPlot
          label={words.plot(bareDifference(metric, interval.low), differenceText(metric, interval.high))}
          axis={axis}
          value={comparison.difference}
          low={interval.low}
          high={interval.high}
          tone={tones[verdict]}
        />
      </td>
      <td className={styles['nowrap']}>{mcnemar === null ? '—' : <Flips comparison={comparison} gained={mcnemar.gained} lost={mcnemar.lost} />}</td>
      <td className={styles['nowrap']}>{chanceText(mcnemar?.p ?? bootstrapP)}</td>
    </tr>
  );
}

interface FlipsProps {
  readonly comparison: PairedComparison;
  readonly gained: number;
  readonly lost: number;
}

const Flips = ({ comparison: { base: from, other: to, other_label: label }, gained, lost }: FlipsProps) => (
  <span className={styles['flips']}>
    <LinkButton small look="quiet" to={flipsPath(from, to, 'gained')} label={words.gainedName(formatCount(gained), label)}>
      <span className={styles['better']}>{words.gained(formatCount(gained))}</span>
    </LinkButton>
    <LinkButton small look="quiet" to={flipsPath(from, to, 'lost')} label={words.lostName(formatCount(lost), label)}>
      <span className={styles['worse']}>{words.lost(formatCount(lost))}</span>
    </LinkButton>
  </span>
);
