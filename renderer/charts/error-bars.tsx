/** A few measured values with their errors, joined by a line, as SVG: over versions or over time. */
import { ticksFor } from './interval-axis.ts';
import styles from './error-bars.module.css';

export interface MeasuredPoint {
  readonly id: string;
  /** Across the picture, 0 to 1. */
  readonly at: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Under the axis. */
  readonly label: string;
  readonly tip: string;
}

interface ErrorBarsProps {
  /** What is seen, from which value to which. */
  readonly label: string;
  readonly points: readonly MeasuredPoint[];
  readonly format: (value: number) => string;
  /** A level to measure them by. */
  readonly level?: number | null;
}

const [height, pad] = [180, 12];
const mostLabels = 8;

export function ErrorBars({ label, points, format, level = null }: ErrorBarsProps) {
  const levels = level === null ? [] : [level];
  const [low, high] = range([...points.flatMap((point) => [point.low, point.high]), ...levels]);
  const y = (value: number): number => height - pad - ((value - low) / (high - low)) * (height - 2 * pad);
  const x = (at: number): string => `${at * 100}%`;
  const every = Math.ceil(points.length / mostLabels);
  return (
    <figure className={styles['figure']}>
      <div className={styles['axis']} aria-hidden>
        {ticksFor({ low, high }).map((tick) => (
          <span key={tick} style={{ insetBlockStart: y(tick) }}>
            {format(tick)}
          </span>
        ))}
      </div>
      <svg className={styles['plot']} height={height} role="img" aria-label={label}>
        {ticksFor({ low, high }).map((tick) => (
          <line key={tick} className={styles['grid']} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} />
        ))}
        {level !== null && <line className={styles['level']} x1="0" x2="100%" y1={y(level)} y2={y(level)} />}
        {points.map(({ id, at, value }, index) => {
          const before = points[index - 1];
          return before && <line key={id} className={styles['join']} x1={x(before.at)} x2={x(at)} y1={y(before.value)} y2={y(value)} />;
        })}
        {points.map((point) => (
          <g key={point.id} className={styles['point']}>
            <title>{point.tip}</title>
            <line x1={x(point.at)} x2={x(point.at)} y1={y(point.low)} y2={y(point.high)} />
            <circle cx={x(point.at)} cy={y(point.value)} r="4" />
          </g>
        ))}
      </svg>
      <div className={styles['labels']} aria-hidden>
        {points.map(
          ({ id, at, label: text }, index) =>
            index % every === 0 && (
              <span key={id} style={{ insetInlineStart: x(at) }}>
                {text}
              </span>
            ),
        )}
      </div>
    </figure>
  );
}

/** With some room, and never without a height. */
function range(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const margin = high === low ? Math.max(Math.abs(high) * 0.1, 0.01) : (high - low) * 0.08;
  return [low - margin, high + margin];
}
