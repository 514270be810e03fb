/** One model: its facts, its files, and what was made from it. */
import { useParams } from 'react-router';
import type { ShelfDetails } from '../../../shared/contracts/shelf-calls.ts';
import { formatBytes, formatCount } from '../../../shared/text/format.ts';
import { useCall } from '../../bridge/core-context.tsx';
import { LoadedEntry } from '../../components/entry.tsx';
import { Facts, Figure, Figures } from '../../components/facts.tsx';
import { Panel } from '../../components/panel.tsx';
import { texts } from '../../texts/texts.ts';
import { formatParameters } from '../files/file-facts.ts';
import { numberIn, shown, textIn } from '../shelf/fact-values.ts';
import { shelfList } from '../shelf/shelf-list.ts';
import { ItemPage } from '../shelf/item-page.tsx';
import { modelFacts } from './model-facts.ts';

const words = texts.shelf;

export function View() {
  const { name = '' } = useParams();
  const details = useCall('models.get', { name });
  return (
    <LoadedEntry query={details} name={name} list={shelfList('model')}>
      {(data) => (
        <ItemPage
          key={name}
          details={data}
          figures={<ModelFigures details={data} />}
          main={
            <Panel title={words.item.facts}>
              <Facts wide facts={modelFacts(data.facts)} />
            </Panel>
          }
        />
      )}
    </LoadedEntry>
  );
}

const ModelFigures = ({ details: { facts, bytes } }: { readonly details: ShelfDetails }) => (
  <Figures>
    <Figure name={words.columns.family} value={shown(textIn(facts, 'architecture'))} />
    <Figure name={words.columns.parameters} value={shown(numberIn(facts, 'parameters'), formatParameters)} />
    <Figure name={words.columns.quantisation} value={shown(textIn(facts, 'quantisation'))} />
    <Figure name={words.columns.size} value={formatBytes(bytes)} />
    <Figure name={words.columns.context} value={shown(numberIn(facts, 'context_length'), formatCount)} />
    <Figure name={words.columns.licence} value={shown(textIn(facts, 'licence'))} />
  </Figures>
);
