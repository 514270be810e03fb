/** The second step: which rows, how they are read, and what of them is held back. */
import { FolderOpen } from 'lucide-react';
import { useCall } from '../../bridge/core-context.tsx';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ChoiceCards, type ChoiceCard } from '../../components/choice-cards.tsx';
import { Panel } from '../../components/panel.tsx';
import { Failure, Loaded, Loading } from '../../components/states.tsx';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import type { ShelfItem } from '../../../shared/contracts/shelf-calls.ts';
import { texts } from '../../texts/texts.ts';
import { RowLengths } from '../datasets/row-lengths.tsx';
import { RowsPreview } from '../datasets/rows-preview.tsx';
import { RowsReport } from '../datasets/rows-report.tsx';
import { DropFile } from '../files/drop-file.tsx';
import { useChooseFile } from '../files/use-choose-file.tsx';
import { fileName } from '../runs/run-title.ts';
import { ColumnPart } from './column-part.tsx';
import { setRows, useDraft } from './draft.ts';
import { EvaluationPart } from './evaluation-part.tsx';
import { useMaxLength, usePreview } from './use-preview.ts';
import { withFile } from './with-file.ts';
import styles from './new-run.module.css';

const words = texts.newRun.data;

export function DataStep() {
  const path = useDraft(({ config }) => config.data?.path) ?? null;
  return (
    <>
      <DropFile onDrop={setRows}>
        <RowsChoice path={path} />
      </DropFile>
      {path !== null && <Rows key={path} path={path} />}
    </>
  );
}

function RowsChoice({ path }: { readonly path: string | null }) {
  const about = useCall('host.about', {});
  const shelf = useCall('datasets.list', {});
  const { chooseFile, dialog } = useChooseFile();
  const browse = async (): Promise<void> => {
    const chosen = await chooseFile('data');
    if (chosen !== null) setRows(chosen);
  };
  return (
    <Panel title={words.choose}>
      <div className={styles['part']}>
        <Loaded query={about}>
          {({ demo }) => (
            <Loaded query={shelf}>
              {({ items }) => {
                const rows = demo.config.data?.path;
                const known: ChoiceCard<string>[] = [
                  ...(rows === undefined ? [] : [{ id: rows, title: demo.name, mark: <Badge>{words.demo}</Badge>, text: words.demoText }]),
                  ...items.map((item) => ({ id: item.name, title: item.name, mark: <Badge>{texts.newRun.model.shelf}</Badge>, text: rowsLine(item) })),
                ];
                const shown = items.find((item) => item.path === path)?.name ?? path;
                return <ChoiceCards label={words.choose} hideLabel minWidth={300} cards={withFile(known, shown)} value={shown} onChange={setRows} />;
              }}
            </Loaded>
          )}
        </Loaded>
        <div className={styles['browse']}>
          <Button onPress={() => void browse()}>
            <FolderOpen aria-hidden />
            {words.file}
          </Button>
          <span className="muted">{words.fileText}</span>
        </div>
      </div>
      {dialog}
    </Panel>
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
