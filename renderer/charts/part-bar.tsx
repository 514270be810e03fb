/** What something is made up of, against what there is: one bar cut into parts, with its legend. */
import { Legend, Swatch } from '../components/legend.tsx';
import { seriesVariable } from './colors.ts';
import styles from './part-bar.module.css';

interface PartBarProps {
  /** What it shows, with the sum and the limit. */
  readonly label: string;
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  readonly limit: number;
  readonly limitLabel: string;
  readonly format: (value: number) => string;
}

export function PartBar({ label, parts, limit, limitLabel, format }: PartBarProps) {
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const whole = Math.max(total, limit, 1);
  const share = (value: number): string => `${(value / whole) * 100}%`;
  // A part keeps its colour where one before it is gone.
  const shown = parts.map((part, index) => ({ ...part, color: seriesVariable(index) })).filter(({ value }) => value > 0);
  return (
    <figure className={styles['figure']}>
      <div className={total > limit ? `${styles['bar']} ${styles['over']}` : styles['bar']} role="img" aria-label={label}>
        {shown.map(({ name, value, color }) => (
          <span key={name} title={`${name}: ${format(value)}`} style={{ inlineSize: share(value), background: color }} />
        ))}
        {total > limit && <i className={styles['limit']} style={{ insetInlineStart: share(limit) }} />}
      </div>
      <figcaption>
        <Legend look="small">
          {shown.map(({ name, value, color }) => (
            <li key={name}>
              <Swatch shape="square" color={color} />
              {name} <span className="muted numeric">{format(value)}</span>
            </li>
          ))}
          <li className={styles['rest']}>{limitLabel}</li>
        </Legend>
      </figcaption>
    </figure>
  );
}
