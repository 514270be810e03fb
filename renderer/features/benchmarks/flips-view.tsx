/** What flipped between two scores: the items that one has right and the other wrong, side by side. */
import { useMemo } from 'react';
import { Link } from 'react-aria-components';
import { useSearchParams } from 'react-router';
import type { ItemPair } from '../../../shared/contracts/comparison-calls.ts';
import type { PairedComparison } from '../../../shared/domain/benchmark-comparison.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { useCall, useCore } from '../../bridge/core-context.tsx';
import type { TableColumn } from '../../components/data-table.tsx';
import { SelectField } from '../../components/field.tsx';
import { Page } from '../../components/page.tsx';
import { Failure, Loaded } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { comparisonPath } from './benchmark-paths.ts';
import { ItemBrowser } from './item-browser.tsx';
import { ItemDetail } from './item-detail.tsx';
import { answerText, isRight, promptLine } from './record-text.ts';
import { usePages } from './use-pages.ts';
import styles from './benchmarks.module.css';

const words = texts.benchmarks.flips;
type Direction = keyof typeof words.directions;
const directions = (Object.keys(words.directions) as Direction[]).map((id) => ({ id, label: words.directions[id] }));
const pageSize = 200;

export function View() {
  const [params] = useSearchParams();
  const [base, other] = [params.get('base') ?? '', params.get('other') ?? ''];
  const comparison = useCall('benchmarks.compare', { scores: [base, other] }, { enabled: base !== '' && other !== '' });
  return (
    <Page
      fill
      title={words.title}
      above={<Link href={comparisonPath([base, other])}>{texts.benchmarks.compare.title}</Link>}
      {...(comparison.data?.comparisons[0] !== undefined && { below: <span>{sentence(comparison.data.comparisons[0])}</span> })}
    >
      <Loaded query={comparison}>
        {({ comparisons: [found] }) =>
          found !== undefined && (
            <Flips base={{ score: base, label: found.base_label }} other={{ score: other, label: found.other_label }} metric={found.metric} />
          )
        }
      </Loaded>
    </Page>
  );
}

const sentence = ({ other_label: label, task, words: said }: PairedComparison): string => texts.benchmarks.compare.said(label, task, said);

interface Side {
  readonly score: string;
  readonly label: string;
}

interface FlipsProps {
  readonly base: Side;
  readonly other: Side;
  readonly metric: string;
}

function Flips({ base, other, metric }: FlipsProps) {
  const { client } = useCore();
  const [params, setParams] = useSearchParams();
  const written = params.get('direction');
  const direction = directions.find(({ id }) => id === written)?.id ?? 'both';
  const set = (values: Readonly<Record<string, string>>): void =>
    setParams((before) => new URLSearchParams({ ...Object.fromEntries(before), ...values }), { replace: true });
  const input = { base: base.score, other: other.score, direction, limit: pageSize };
  const pages = usePages(['benchmarks.flips', input], (after) => client.call('benchmarks.flips', { ...input, after }));
  const columns = useMemo(() => columnsFor(metric), [metric]);
  const item = params.get('item');
  if (pages.error !== null) return <Failure error={pages.error} onRetry={pages.retry} />;
  return (
    <>
      <Toolbar>
        <SelectField label={words.direction} hideLabel value={direction} onChange={(id) => set({ direction: id })} choices={directions} />
        <Toolbar.End>
          <span className="muted" role="status">
            {texts.benchmarks.items.total(formatCount(pages.total))}
          </span>
        </Toolbar.End>
      </Toolbar>
      <ItemBrowser
        label={words.title}
        pages={pages}
        columns={columns}
        shown={item === null ? null : Number(item)}
        onShow={(index) => set({ item: String(index) })}
        empty={words.none}
        detail={(pair) => (
          <ItemDetail
            metric={metric}
            sides={[
              { label: base.label, record: pair.base },
              { label: other.label, record: pair.other },
            ]}
          />
        )}
      />
    </>
  );
}

const columnsFor = (metric: string): readonly [TableColumn<ItemPair>, ...TableColumn<ItemPair>[]] => [
  { id: 'prompt', title: texts.benchmarks.items.columns.prompt, minWidth: 150, width: '2fr', cell: ({ base, id }) => promptLine(base.prompt) || id },
  { id: 'base', title: words.base, minWidth: 70, width: '1fr', cell: ({ base }) => answerText(base, metric) },
  { id: 'other', title: words.other, minWidth: 70, width: '1fr', cell: ({ other }) => answerText(other, metric) },
  {
    id: 'direction',
    title: words.verdict,
    width: 116,
    cell: ({ other }) => {
      const isGained = isRight(other, metric) === true;
      return <span className={styles[isGained ? 'better' : 'worse']}>{isGained ? words.directions.gained : words.directions.lost}</span>;
    },
  },
];
