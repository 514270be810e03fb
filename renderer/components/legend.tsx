/** What the colours of a picture stand for, each with a mark of that colour. */
import type { ReactNode } from 'react';
import styles from './legend.module.css';

interface LegendProps {
  readonly label?: string;
  /** `plain` as running text, `small` under a picture, `quiet` where it is an aside. */
  readonly look?: 'plain' | 'small' | 'quiet';
  readonly children: ReactNode;
}

export const Legend = ({ label, look = 'quiet', children }: LegendProps) => (
  <ul className={`${styles['legend']} ${styles[look]}`} aria-label={label}>
    {children}
  </ul>
);

interface SwatchProps {
  /** As what it stands for is drawn: a curve, a filled part, the edge of a box. */
  readonly shape: 'line' | 'square' | 'edge';
  /** A colour of the theme, as CSS has it. */
  readonly color: string;
  readonly opacity?: number;
}

export const Swatch = ({ shape, color, opacity = 1 }: SwatchProps) => (
  <span className={`${styles['swatch']} ${styles[shape]}`} style={{ background: color, opacity }} aria-hidden />
);
