/** A curve as large as a word. */
import styles from './sparkline.module.css';

const [width, height, pad] = [96, 24, 2];

export function Sparkline({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const known = values.filter(Number.isFinite);
  if (known.length < 2) return <span className="muted">—</span>;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (index: number): number => pad + (index / (known.length - 1)) * (width - 2 * pad);
  const y = (value: number): number => (high === low ? height / 2 : height - pad - ((value - low) / (high - low)) * (height - 2 * pad));
  const path = known.map((value, index) => `${index === 0 ? 'M' : 'L'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return (
    <svg className={styles['sparkline']} viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={label}>
      <path d={path} />
    </svg>
  );
}
