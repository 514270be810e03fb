/** The items of a score: what was asked, what was answered, right or wrong. */
import { useDeferredValue, useMemo, useState } from 'react';
import { Link } from 'react-aria-components';
import { useParams, useSearchParams } from 'react-router';
import type { BenchmarkRecord } from '../../../shared/domain/benchmark-record.ts';
import { formatCount } from '../../../shared/text/format.ts';
import { useCore } from '../../bridge/core-context.tsx';
import { LinkButton } from '../../components/button.tsx';
import type { TableColumn } from '../../components/data-table.tsx';
import { SearchField, SelectField } from '../../components/field.tsx';
import { isUnknown, NoEntry } from '../../components/entry.tsx';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { Empty, Failure, Loading } from '../../components/states.tsx';
import { Toolbar } from '../../components/toolbar.tsx';
import { texts } from '../../texts/texts.ts';
import { benchmarkRunPath, trendPath } from './benchmark-paths.ts';
import { scoreList } from './entry-lists.ts';
import { ItemBrowser, VerdictMark } from './item-browser.tsx';
import { ItemDetail } from './item-detail.tsx';
import { answerText, isRight, promptLine } from './record-text.ts';
import { isDone, type DoneScore } from './score-matrix.ts';
import { scoreText, settingsText } from './score-words.ts';
import { subjectName } from './trend-points.ts';
import { usePages } from './use-pages.ts';
import { runOfScore, useScores } from './use-scores.ts';

const words = texts.benchmarks.items;
type Only = keyof typeof words.kinds;
const kinds = (Object.keys(words.kinds) as Only[]).map((id) => ({ id, label: words.kinds[id] }));
const pageSize = 200;

export function View() {
  const { score: id = '' } = useParams();
  const { scores, isLoading, error } = useScores(useMemo(() => [id], [id]));
  const [score] = scores;
  if (score !== undefined && isDone(score)) return <ScorePage key={id} score={score} />;
  if (score === undefined && !isLoading && (error === null || isUnknown(error))) return <NoEntry name={id} list={scoreList} />;
  return (
    <Page title={id} above={<Link href="/benchmarks">{texts.benchmarks.title}</Link>}>
      {error !== null ? <Failure error={error} /> : isLoading ? <Loading /> : <NotDone run={runOfScore(id)} />}
    </Page>
  );
}

const NotDone = ({ run }: { readonly run: string }) => (
  <Panel>
    <Empty title={words.notDone} action={<LinkButton to={benchmarkRunPath(run)}>{words.toRun}</LinkButton>} />
  </Panel>
);

function ScorePage({ score }: { readonly score: DoneScore }) {
  const { subject, task, run, result } = score;
  const metric = result.metrics[0];
  return (
    <Page
      fill
      title={words.title(subject.label, task)}
      above={<Link href={benchmarkRunPath(run)}>{texts.benchmarks.title}</Link>}
      below={
        <>
          {metric !== undefined && <strong>{`${texts.benchmarks.metrics[metric.name]} ${scoreText(metric)}`}</strong>}
          <span>{settingsText(result)}</span>
        </>
      }
      actions={<LinkButton to={trendPath(subjectName(score))}>{texts.benchmarks.trend}</LinkButton>}
    >
      <Items score={score} metric={metric?.name ?? 'acc'} />
    </Page>
  );
}

function Items({ score, metric }: { readonly score: DoneScore; readonly metric: string }) {
  const { client } = useCore();
  const [params, setParams] = useSearchParams();
  const [only, setOnly] = useState<Only>('all');
  const [text, setText] = useState('');
  const asked = useDeferredValue(text.trim());
  const input = { score: score.score, only, text: asked === '' ? null : asked, limit: pageSize };
  const pages = usePages(['benchmarks.items', input], (after) => client.call('benchmarks.items', { ...input, after }));
  const columns = useMemo(() => columnsFor(metric), [metric]);
  const item = params.get('item');
  const title = words.title(score.subject.label, score.task);
  return (
    <>
      <Toolbar>
        <SelectField label={words.only} hideLabel value={only} onChange={setOnly} choices={kinds} />
        <SearchField label={words.search} value={text} onChange={setText} />
        <Toolbar.End>
          <span className="muted" role="status">
            {words.total(formatCount(pages.total))}
          </span>
        </Toolbar.End>
      </Toolbar>
      <ItemBrowser
        label={title}
        pages={pages}
        columns={columns}
        shown={item === null ? null : Number(item)}
        onShow={(index) => setParams({ item: String(index) }, { replace: true })}
        empty={words.none}
        detail={(record) => <ItemDetail sides={[{ label: score.subject.label, record }]} metric={metric} />}
      />
    </>
  );
}

const columnsFor = (metric: string): readonly [TableColumn<BenchmarkRecord>, ...TableColumn<BenchmarkRecord>[]] => [
  { id: 'prompt', title: words.columns.prompt, minWidth: 160, width: '2fr', cell: ({ prompt, id }) => promptLine(prompt) || id },
  { id: 'answer', title: words.columns.answer, minWidth: 80, width: '1fr', cell: (record) => answerText(record, metric) },
  { id: 'verdict', title: words.columns.verdict, width: 92, cell: (record) => <VerdictMark isRight={isRight(record, metric)} /> },
];
