/** One data set: its rows as a model sees them, their lengths and problems, its files, and what was made from it. */
import { useState } from 'react';
import { useParams } from 'react-router';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { trainingDefaults } from '../../../shared/domain/training-settings.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Figure, Figures } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { Loaded, Loading } from '../../components/states.tsx';
import { texts } from '../../texts/texts.ts';
import { numberIn, shown, textIn } from '../shelf/fact-values.ts';
import { shelfList } from '../shelf/shelf-list.ts';
import { ItemPage } from '../shelf/item-page.tsx';
import { TokensByField } from '../shelf/tokens-by-field.tsx';
import { ColumnFacts } from './column-facts.tsx';
import { RowLengths } from './row-lengths.tsx';
import { RowsPreview } from './rows-preview.tsx';
import { RowsReport } from './rows-report.tsx';

const words = texts.shelf;
const [shownAtFirst, shownAtMost] = [20, 100];
const { max_seq_length: longest } = trainingDefaults;

export function View() {
  const { name = '' } = useParams();
  const details = useCall('datasets.get', { name });
  return (
    <LoadedEntry query={details} name={name} list={shelfList('dataset')}>
      {(data) => <DatasetPage key={name} details={data} />}
    </LoadedEntry>
  );
}

function DatasetPage({ details }: { readonly details: ShelfDetails }) {
  const models = useCall('models.list', {});
  const [chosen, choose] = useState<string | null | undefined>();
  const [show, setShow] = useState(shownAtFirst);
  // Those it was counted by, as long as that model is on the shelf.
  const countedBy = models.data?.items.find(({ name }) => name === textIn(details.facts, 'tokens_by'))?.name ?? null;
  const model = chosen === undefined ? countedBy : chosen;
  const preview = useCall('datasets.preview', { path: details.name, model, show }, { keepPrevious: true, enabled: models.data !== undefined });
  const choice = <TokensByField label={words.rows.model} hideLabel value={model} onChange={choose} />;
  return (
    <ItemPage
      details={details}
      figures={<DatasetFigures details={details} />}
      main={
        preview.data === undefined ? (
          <Panel title={words.rows.preview} actions={choice}>
            <Loaded query={preview}>{() => null}</Loaded>
          </Panel>
        ) : (
          <>
            <RowsReport preview={preview.data} />
            <RowsPreview
              preview={preview.data}
              longest={longest}
              isStale={preview.isPlaceholderData}
              actions={choice}
              {...(preview.data.samples.length >= show && show < shownAtMost && { onMore: () => setShow(shownAtMost) })}
            />
          </>
        )
      }
      side={
        preview.data === undefined ? (
          preview.error === null && (
            <Panel title={words.rows.lengths}>
              <Loading />
            </Panel>
          )
        ) : (
          <>
            <RowLengths preview={preview.data} longest={longest} />
            <ColumnFacts preview={preview.data} />
          </>
        )
      }
    />
  );
}

const DatasetFigures = ({ details: { facts, bytes } }: { readonly details: ShelfDetails }) => (
  <Figures>
    <Figure name={words.columns.rows} value={shown(numberIn(facts, 'rows'), formatCount)} />
    <Figure name={words.columns.used} value={shown(numberIn(facts, 'used'), formatCount)} />
    <Figure name={words.columns.tokens} value={shown(numberIn(facts, 'tokens'), formatCount)} />
    <Figure name={words.columns.graded} value={shown(numberIn(facts, 'graded_tokens'), formatCount)} />
    <Figure name={words.columns.size} value={formatBytes(bytes)} />
    <Figure name={words.columns.layout} value={shown(textIn(facts, 'layout'))} />
  </Figures>
);
