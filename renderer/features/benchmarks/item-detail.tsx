/** One item as one or more subjects answered it, side by side: what they read, what they could choose or wrote, what was right. */
import type { ChoiceRecord, TextRecord, WrittenRecord } from '../../../shared/domain/benchmark-record.ts';
import { formatCount, formatNumber } from '../../../shared/text/format.ts';
import { Badge } from '../../components/badge.tsx';
import { Code } from '../../components/code.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { ChoiceTable } from './choice-table.tsx';
import type { ItemSide } from './item-side.ts';
import { isRight } from './record-text.ts';
import styles from './items.module.css';

const words = texts.benchmarks.items;

interface ItemDetailProps {
  /** Of the same item; the first one's prompt is shown. */
  readonly sides: readonly [ItemSide, ...ItemSide[]];
  /** The task's score. */
  readonly metric: string;
}

export function ItemDetail({ sides, metric }: ItemDetailProps) {
  const { prompt, cut_tokens: cut, id } = sides[0].record;
  return (
    <section className={styles['detail']} aria-label={words.id(id)}>
      <header className={styles['head']}>
        <h2>{words.id(id)}</h2>
        {sides.map(({ label, record }) => (
          <Verdict key={label} label={sides.length > 1 ? label : null} isRight={isRight(record, metric)} />
        ))}
      </header>
      {prompt !== '' && (
        <div className={styles['part']}>
          <h3>{words.prompt}</h3>
          <Code label={words.prompt}>{prompt}</Code>
        </div>
      )}
      {cut > 0 && <p className="muted">{words.cut(formatCount(cut))}</p>}
      <Answer sides={sides} metric={metric} />
    </section>
  );
}

const Verdict = ({ label, isRight: verdict }: { readonly label: string | null; readonly isRight: boolean | null }) => {
  if (verdict === null) return null;
  const text = verdict ? words.right : words.wrong;
  return <Badge tone={verdict ? 'good' : 'bad'}>{label === null ? text : `${label}: ${text}`}</Badge>;
};

function Answer({ sides, metric }: ItemDetailProps) {
  const choices = sides.filter((side): side is ItemSide<ChoiceRecord> => side.record.kind === 'choice');
  const written = sides.filter((side): side is ItemSide<WrittenRecord> => side.record.kind === 'written');
  const foreseen = sides.filter((side): side is ItemSide<TextRecord> => side.record.kind === 'text');
  return (
    <>
      {choices.length > 0 && (
        <div className={styles['part']}>
          <h3>{words.choices}</h3>
          <ChoiceTable sides={choices} metric={metric} />
        </div>
      )}
      {written.length > 0 && <Written sides={written} />}
      {foreseen.length > 0 && <Foreseen sides={foreseen} />}
    </>
  );
}

const Written = ({ sides }: { readonly sides: readonly ItemSide<WrittenRecord>[] }) => (
  <>
    {sides.map(({ label, record: { output, extracted } }) => (
      <div key={label} className={styles['part']}>
        <h3>{sides.length > 1 ? `${words.output}: ${label}` : words.output}</h3>
        <Code label={`${words.output}: ${label}`}>{output === '' ? words.nothingWritten : output}</Code>
        <p>
          <span className="muted">{words.extracted}:</span> {extracted ?? words.noExtract}
        </p>
      </div>
    ))}
    <div className={styles['part']}>
      <h3>{words.answers}</h3>
      <ul className={styles['answers']}>
        {[...new Set(sides[0]?.record.answers ?? [])].map((answer) => (
          <li key={answer}>{answer}</li>
        ))}
      </ul>
    </div>
  </>
);

const Foreseen = ({ sides }: { readonly sides: readonly ItemSide<TextRecord>[] }) => (
  <PlainTable label={words.logProb} columns={['', words.logProb, words.tokens]}>
    {sides.map(({ label, record }) => (
      <tr key={label}>
        <th scope="row">{label}</th>
        <td>{formatNumber(record.log_prob)}</td>
        <td>
          {formatCount(record.tokens)} <span className="muted">{words.sizes(formatCount(record.words), formatCount(record.bytes))}</span>
        </td>
      </tr>
    ))}
  </PlainTable>
);
