/** Differences with their intervals, each in a cell of its own on one common axis; the table around them says the figures as well. */
import { ticksFor, type IntervalAxis } from './interval-axis.ts';
import styles from './interval-plot.module.css';

export type IntervalTone = 'good' | 'bad' | 'neutral';

interface IntervalPlotProps {
  /** From where to where it goes. */
  readonly label: string;
  readonly axis: IntervalAxis;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly tone: IntervalTone;
}

const middle = '50%';

export function IntervalPlot({ label, axis, value, low, high, tone }: IntervalPlotProps) {
  const x = (at: number): string => `${place(axis, at) * 100}%`;
  return (
    <svg className={styles['plot']} role="img" aria-label={label}>
      <line className={styles['zero']} x1={x(0)} x2={x(0)} y1="0" y2="100%" />
      <g className={styles[tone]}>
        <line x1={x(low)} x2={x(high)} y1={middle} y2={middle} />
        {[low, high].map((end, index) => (
          <line key={index} x1={x(end)} x2={x(end)} y1="30%" y2="70%" />
        ))}
        <circle cx={x(value)} cy={middle} r="4" />
      </g>
    </svg>
  );
}

/** Its numbers, over the column. */
export const IntervalScale = ({ axis, format }: { readonly axis: IntervalAxis; readonly format: (value: number) => string }) => (
  <span className={styles['scale']} aria-hidden>
    {ticksFor(axis).map((tick) => (
      <span key={tick} style={{ insetInlineStart: `${place(axis, tick) * 100}%` }}>
        {format(tick)}
      </span>
    ))}
  </span>
);

const place = ({ low, high }: IntervalAxis, at: number): number => (at - low) / (high - low);
