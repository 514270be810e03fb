/** The second step: which rows, how they are read, and what of them is held back. */
import { Failure, Loading } from '../../components/states.tsx';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { texts } from '../../texts/texts.ts';
import { RowLengths } from '../datasets/row-lengths.tsx';
import { RowsPreview } from '../datasets/rows-preview.tsx';
import { RowsReport } from '../datasets/rows-report.tsx';
import { fileName } from '../runs/run-title.ts';
import { ColumnPart } from './column-part.tsx';
import { setRows, useDraft } from './draft.ts';
import { EvaluationPart } from './evaluation-part.tsx';
import { FileChoice } from './file-choice.tsx';
import { useMaxLength, usePreview } from './use-preview.ts';
import styles from './new-run.module.css';

const words = texts.newRun.data;

export function DataStep() {
  const path = useDraft(({ config }) => config.data?.path) ?? null;
  return (
    <>
      <FileChoice
        kind="dataset"
        words={words}
        value={path}
        onChoose={setRows}
        demoOf={({ name, config }) => ({ path: config.data?.path, title: name })}
        lineOf={rowsLine}
      />
      {path !== null && <Rows key={path} path={path} />}
    </>
  );
}

const rowsLine = ({ facts, bytes, path }: ShelfItem): string =>
  [typeof facts['rows'] === 'number' ? words.rows(formatCount(facts['rows'])) : null, formatBytes(bytes), fileName(path)]
    .filter((part) => part !== null)
    .join(' · ');

function Rows({ path }: { readonly path: string }) {
  const { preview, show, showMore } = usePreview(path);
  const longest = useMaxLength();
  const { data, error } = preview;
  if (error !== null) return <Failure error={error} onRetry={() => void preview.refetch()} />;
  if (data === undefined) return <Loading />;
  return (
    <div className={styles['columns']}>
      <div className={styles['side']}>
        <RowsReport preview={data} />
        <RowsPreview preview={data} longest={longest} isStale={preview.isPlaceholderData} {...(data.samples.length >= show && { onMore: showMore })} />
      </div>
      <div className={styles['side']}>
        <ColumnPart preview={data} />
        <RowLengths preview={data} longest={longest} />
        <EvaluationPart />
      </div>
    </div>
  );
}
