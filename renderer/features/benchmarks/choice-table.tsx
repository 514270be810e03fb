/** The choices of an item with how likely each was held: a bar of its share, its log-probability, what was chosen and what is right. */
import type { ChoiceRecord } from '../../../shared/domain/benchmark-record.ts';
import { formatPercent } from '../../../shared/text/format.ts';
import { Badge } from '../../components/badge.tsx';
import { PlainTable } from '../../components/plain-table.tsx';
import { texts } from '../../texts/texts.ts';
import { choiceShares } from './choice-shares.ts';
import type { ItemSide } from './item-side.ts';
import styles from './items.module.css';

const words = texts.benchmarks.items;

interface ChoiceTableProps {
  readonly sides: readonly ItemSide<ChoiceRecord>[];
  readonly metric: string;
}

export function ChoiceTable({ sides, metric }: ChoiceTableProps) {
  const [first] = sides;
  if (first === undefined) return null;
  const { choices, answer } = first.record;
  return (
    <PlainTable
      label={words.choices}
      columns={[words.choiceColumns.choice, ...sides.map(({ label }) => (sides.length > 1 ? label : words.choiceColumns.logProb))]}
    >
      {choices.map((choice, index) => (
        <tr key={index} className={index === answer ? (styles['answer'] ?? '') : ''}>
          <th scope="row">
            <span className={styles['choice']}>{choice.trim()}</span>
            {index === answer && <Badge tone="good">{words.isAnswer}</Badge>}
          </th>
          {sides.map(({ label, record }) => (
            <td key={label} className={styles['belief']}>
              <Belief record={record} index={index} metric={metric} />
            </td>
          ))}
        </tr>
      ))}
    </PlainTable>
  );
}

interface BeliefProps {
  readonly record: ChoiceRecord;
  readonly index: number;
  readonly metric: string;
}

function Belief({ record: { log_probs: logProbs, choice, choice_norm: byCharacter, answer }, index, metric }: BeliefProps) {
  const share = choiceShares(logProbs)[index] ?? 0;
  const chosen = metric === 'acc_norm' ? byCharacter : choice;
  return (
    <div className={styles['bars']}>
      <div className={styles['track']} aria-hidden>
        <span className={index === answer ? styles['right'] : styles['wrong']} style={{ inlineSize: `${share * 100}%` }} />
      </div>
      <span className={styles['figures']}>
        <span className="numeric" title={words.shareOf(formatPercent(share))}>
          {(logProbs[index] ?? 0).toFixed(2)}
        </span>
        {index === chosen && <Badge tone="info">{words.isChosen}</Badge>}
        {index === byCharacter && metric !== 'acc_norm' && index !== chosen && <Badge>{words.isChosenNorm}</Badge>}
      </span>
    </div>
  );
}
