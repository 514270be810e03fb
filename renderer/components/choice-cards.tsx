/** One of several, each a card with its facts. Arrow keys move between them. */
import type { ReactNode } from 'react';
import { Label, RadioButton, RadioField, RadioGroup } from 'react-aria-components';
import styles from './choice-cards.module.css';

export interface ChoiceCard<Id extends string> {
  readonly id: Id;
  readonly title: string;
  /** Beside the title, such as a badge. */
  readonly mark?: ReactNode;
  /** Under it: what it is. */
  readonly text?: ReactNode;
  readonly isDisabled?: boolean;
}

interface ChoiceCardsProps<Id extends string> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly cards: readonly ChoiceCard<Id>[];
  /** null: none yet. */
  readonly value: Id | null;
  readonly onChange: (value: Id) => void;
  /** Pixels that a card has at least; as many stand side by side as there is room for. */
  readonly minWidth?: number;
  /** They take the whole line, however few they are. */
  readonly isSpread?: boolean;
}

export function ChoiceCards<Id extends string>({ label, hideLabel = false, cards, value, onChange, minWidth = 240, isSpread = false }: ChoiceCardsProps<Id>) {
  return (
    // The group knows its values as plain text; they are the ids of the cards.
    <RadioGroup value={value} onChange={(id) => onChange(id as Id)} className={styles['group'] ?? ''}>
      <Label className={hideLabel ? 'visually-hidden' : (styles['label'] ?? '')}>{label}</Label>
      <div className={styles['cards']} style={{ gridTemplateColumns: `repeat(auto-${isSpread ? 'fit' : 'fill'}, minmax(min(${minWidth}px, 100%), 1fr))` }}>
        {cards.map(({ id, title, mark, text, isDisabled = false }) => (
          <RadioField key={id} value={id} isDisabled={isDisabled} className={styles['field'] ?? ''}>
            <RadioButton className={styles['card'] ?? ''}>
              <span className={styles['dot']} aria-hidden />
              <span className={styles['content']}>
                <span className={styles['title']}>
                  <span>{title}</span>
                  {mark}
                </span>
                {text !== undefined && <span className={styles['text']}>{text}</span>}
              </span>
            </RadioButton>
          </RadioField>
        ))}
      </div>
    </RadioGroup>
  );
}
