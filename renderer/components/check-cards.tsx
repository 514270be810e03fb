/** Any number of several, each a card with its facts. */
import type { ReactNode } from 'react';
import { Check } from 'lucide-react';
import { CheckboxButton, CheckboxField, CheckboxGroup, Label } from 'react-aria-components';
import choice from './choice-cards.module.css';
import styles from './check-cards.module.css';

export interface CheckCard {
  readonly id: string;
  readonly title: string;
  /** Beside the title, such as a badge. */
  readonly mark?: ReactNode;
  /** Under it: what it is. */
  readonly text?: ReactNode;
  readonly isDisabled?: boolean;
}

interface CheckCardsProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly cards: readonly CheckCard[];
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  /** Pixels that a card has at least; as many stand side by side as there is room for. */
  readonly minWidth?: number;
}

export const CheckCards = ({ label, hideLabel = false, cards, value, onChange, minWidth = 240 }: CheckCardsProps) => (
  <CheckboxGroup value={[...value]} onChange={onChange} className={choice['group'] ?? ''}>
    <Label className={hideLabel ? 'visually-hidden' : (choice['label'] ?? '')}>{label}</Label>
    <div className={choice['cards']} style={{ gridTemplateColumns: `repeat(auto-fill, minmax(min(${minWidth}px, 100%), 1fr))` }}>
      {cards.map(({ id, title, mark, text, isDisabled = false }) => (
        <CheckboxField key={id} value={id} isDisabled={isDisabled} className={choice['field'] ?? ''}>
          <CheckboxButton className={choice['card'] ?? ''}>
            <span className={styles['box']} aria-hidden>
              <Check />
            </span>
            <span className={choice['content']}>
              <span className={choice['title']}>
                <span>{title}</span>
                {mark}
              </span>
              {text !== undefined && <span className={choice['text']}>{text}</span>}
            </span>
          </CheckboxButton>
        </CheckboxField>
      ))}
    </div>
  </CheckboxGroup>
);
